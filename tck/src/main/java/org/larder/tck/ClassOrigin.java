package org.larder.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.Constants;

/**
 * Where a class was loaded from.
 *
 * @param path a jar, or a folder of classes
 */
record ClassOrigin(Path path) {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  static ClassOrigin of(Class<?> type) {
    try {
      return new ClassOrigin(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type + " comes from no file", e);
    }
  }

  private Optional<Manifest> manifest() throws IOException {
    if (Files.isDirectory(path)) {
      Path file = path.resolve(MANIFEST);
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      try (InputStream stream = Files.newInputStream(file)) {
        return Optional.of(new Manifest(stream));
      }
    }
    try (ZipFile jar = new ZipFile(path.toFile())) {
      ZipEntry entry = jar.getEntry(MANIFEST);
      return entry == null
          ? Optional.empty()
          : Optional.of(new Manifest(jar.getInputStream(entry)));
    }
  }

  /** A header of the manifest, if it has it. */
  Optional<String> header(String name) throws IOException {
    return manifest().map(manifest -> manifest.getMainAttributes().getValue(name));
  }

  /** What it exports as a bundle. */
  String exports() throws IOException {
    return header(Constants.EXPORT_PACKAGE)
        .orElseThrow(() -> new IllegalArgumentException(path + " is no bundle that exports"));
  }

  /** The jar itself, or one made of the folder. */
  Path jar(Path target) throws IOException {
    if (!Files.isDirectory(path)) {
      return path;
    }
    Manifest manifest =
        manifest()
            .orElseThrow(
                () -> new IllegalArgumentException(path + " has no manifest: it is no bundle yet"));
    List<Path> files;
    try (Stream<Path> walk = Files.walk(path)) {
      files = walk.filter(Files::isRegularFile).filter(file -> !file.endsWith(MANIFEST)).toList();
    }
    try (OutputStream stream = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(stream, manifest)) {
      for (Path file : files) {
        jar.putNextEntry(new ZipEntry(path.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return target;
  }
}
