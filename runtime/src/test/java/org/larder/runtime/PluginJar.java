package org.larder.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Bundles made of their manifest and, if need be, of classes of the tests. */
final class PluginJar {
  private PluginJar() {}

  static byte[] of(String symbolicName, Map<String, String> headers, Class<?>... classes)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", symbolicName);
    attributes.putValue("Bundle-Version", "1.0.0");
    headers.forEach(attributes::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new JarEntry("readme.txt"));
      jar.closeEntry();
      for (Class<?> each : classes) {
        String file = each.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(file));
        try (InputStream code = each.getClassLoader().getResourceAsStream(file)) {
          code.transferTo(jar);
        }
        jar.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Puts a jar into a watched folder in the way that the documents ask for. */
  static Path drop(byte[] jar, Path folder, String name) throws IOException {
    Path partial = folder.resolve(name + ".partial");
    try (OutputStream out = Files.newOutputStream(partial)) {
      out.write(jar);
    }
    return Files.move(partial, folder.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
  }
}
