package org.larder.prove.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The jar of a backend in a node's {@code plugins/}, and newer versions of it; for one thread. */
public final class PluginJars {
  private static final String VERSION = "Bundle-Version";
  private static final String SYMBOLIC_NAME = "Bundle-SymbolicName";

  private final Path plugins;
  private Path current;

  /** The jar of that bundle. */
  public PluginJars(Path distribution, String symbolicName) throws IOException {
    plugins = distribution.resolve("plugins");
    try (Stream<Path> files = Files.list(plugins)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jar")).toList()) {
        if (symbolicName.equals(attributes(file).getValue(SYMBOLIC_NAME))) {
          current = file;
          return;
        }
      }
    }
    throw new IOException("there is no " + symbolicName + " in " + plugins);
  }

  private static Attributes attributes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes();
    }
  }

  /** Its version. */
  public String version() throws IOException {
    return attributes(current).getValue(VERSION);
  }

  /** Puts a newer version over it, complete from the first moment on. */
  public void replace(String version) throws IOException {
    Path complete = plugins.resolve("newer.part");
    write(version, complete);
    Files.move(
        complete, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Puts a newer version beside it; the newer one is the current one from now on. */
  public Path putBeside(String version) throws IOException {
    Path older = current;
    Path newer = plugins.resolve("beside-" + version + ".jar");
    Path complete = plugins.resolve("newer.part");
    write(version, complete);
    Files.move(complete, newer, StandardCopyOption.ATOMIC_MOVE);
    current = newer;
    return older;
  }

  /** Takes it away. */
  public void takeAway() throws IOException {
    Files.move(current, aside(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Puts it back where it was. */
  public void putBack() throws IOException {
    Files.move(aside(), current, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path aside() {
    return plugins.resolve(current.getFileName() + ".aside");
  }

  private void write(String version, Path target) throws IOException {
    try (JarFile source = new JarFile(current.toFile());
        OutputStream file = Files.newOutputStream(target)) {
      Manifest manifest = new Manifest(source.getManifest());
      manifest.getMainAttributes().putValue(VERSION, version);
      try (JarOutputStream jar = new JarOutputStream(file, manifest)) {
        for (JarEntry entry : source.stream().toList()) {
          if (!entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
            jar.putNextEntry(new JarEntry(entry.getName()));
            source.getInputStream(entry).transferTo(jar);
            jar.closeEntry();
          }
        }
      }
    }
  }
}
