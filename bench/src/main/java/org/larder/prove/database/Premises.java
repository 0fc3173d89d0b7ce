package org.larder.prove.database;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.larder.bench.node.NodeSetup;

/**
 * Where a database is made.
 *
 * @param node that it is for; its configuration is there already
 * @param data an empty folder for the database's files
 * @param programs where a server's programs are, or are unpacked to once and for all
 */
public record Premises(NodeSetup node, Path data, Path programs) {
  /** Where programs are unpacked to, so that it is done but once: beside the jar of that class. */
  public static Path programsBeside(Class<?> type) throws IOException {
    try {
      URI jar = type.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(jar).resolveSibling("mariadb");
    } catch (URISyntaxException e) {
      throw new IOException("cannot tell where this program lies", e);
    }
  }
}
