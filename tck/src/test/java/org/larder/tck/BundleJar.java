package org.larder.tck;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.larder.storage.spi.StorageBackend;

/** A jar that carries {@link BundledBackend}, as a plugin's build makes one. */
final class BundleJar {
  static final String PID = "larder.storage.flawed";

  private static final String COMPONENT = "OSGI-INF/backend.xml";
  private static final List<String> CLASSES =
      List.of("MemoryBackend", "FileBackend", "BundledBackend", "BundleFlaw");

  private BundleJar() {}

  /** Makes it, and loads the backend's class from it, so that it is known to come from there. */
  static Class<? extends StorageBackend> make(Path jar, BundleFlaw flaw) throws IOException {
    write(jar, flaw);
    try (URLClassLoader loader = new OwnFirst(jar.toUri().toURL())) {
      return loader.loadClass(BundledBackend.class.getName()).asSubclass(StorageBackend.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(jar + " does not hold what was put there", e);
    }
  }

  /** Takes from the jar what is in it, though the tests have it as well. */
  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(URL jar) {
      super(new URL[] {jar}, BundleJar.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        boolean own = findResource(name.replace('.', '/') + ".class") != null;
        return own ? findClass(name) : super.loadClass(name, resolve);
      }
    }
  }

  private static void write(Path jar, BundleFlaw flaw) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "flawed");
    attributes.putValue("Bundle-Version", "1.0.0");
    attributes.putValue(
        "Import-Package", "org.larder.storage.model,org.larder.storage.spi,org.osgi.framework");
    attributes.putValue("Service-Component", COMPONENT);
    if (flaw == BundleFlaw.EXPORTS_A_PACKAGE) {
      attributes.putValue("Export-Package", BundleJar.class.getPackageName());
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      put(out, COMPONENT, component(flaw).getBytes(StandardCharsets.UTF_8));
      String folder = BundleJar.class.getPackageName().replace('.', '/');
      try (Stream<Path> files =
          Files.list(ClassOrigin.of(BundleJar.class).path().resolve(folder))) {
        for (Path file : files.filter(BundleJar::isCarried).toList()) {
          put(out, folder + "/" + file.getFileName(), Files.readAllBytes(file));
        }
      }
    }
  }

  private static boolean isCarried(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.class$", "");
    return CLASSES.contains(name.replaceFirst("\\$.*", ""));
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }

  private static String component(BundleFlaw flaw) {
    String service =
        "<service><provide interface=\"%s\"/></service>".formatted(StorageBackend.class.getName());
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="flawed"
            immediate="true" configuration-policy="require" configuration-pid="%s"
            deactivate="close" init="2">
          %s
          <implementation class="%s"/>
        </scr:component>
        """
        .formatted(
            PID,
            flaw == BundleFlaw.KEEPS_ITS_SERVICE ? "" : service,
            BundledBackend.class.getName());
  }
}
