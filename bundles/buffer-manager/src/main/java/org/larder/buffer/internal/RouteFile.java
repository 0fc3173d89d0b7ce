package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that configures the routes. What is not a route, comments included, stays as it is; the
 * file changes at once or not at all. For one thread at a time.
 */
final class RouteFile implements RouteKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFile.class);

  /** What names a route is ASCII; a comment may be in any encoding, and stays as it is. */
  private static final Charset BYTE_FOR_BYTE = StandardCharsets.ISO_8859_1;

  private final Path file;

  RouteFile(Path file) {
    this.file = file;
  }

  /** Writes the routes into the file, or into a new one. */
  @Override
  public void write(RouteTable table) throws IOException {
    Map<String, String> wanted = new TreeMap<>();
    for (Route route : table.inOrder()) {
      wanted.put(RouteSettings.ROUTE + route.collection(), RouteSettings.write(route));
      route
          .readFrom()
          .ifPresent(mirror -> wanted.put(RouteSettings.READ_FROM + route.collection(), mirror));
    }
    List<String> lines = new ArrayList<>();
    for (String line : lines()) {
      String key = line.split("[=:]", 2)[0].strip();
      if (!isOfRoutes(key)) {
        lines.add(line);
      } else if (wanted.containsKey(key)) {
        lines.add(key + " = " + wanted.remove(key));
      }
    }
    wanted.forEach((key, value) -> lines.add(key + " = " + value));
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.write(fresh, lines, BYTE_FOR_BYTE);
    DurableFile.moveInto(fresh, file);
  }

  /** True if the file has these very routes. */
  @Override
  public boolean says(RouteTable table) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    for (String line : lines()) {
      String[] parts = line.split("[=:]", 2);
      if (parts.length == 2 && isOfRoutes(parts[0].strip())) {
        settings.put(parts[0].strip(), parts[1].strip());
      }
    }
    try {
      return RouteSettings.read(settings).routes().equals(table.routes());
    } catch (IllegalArgumentException e) {
      LOG.debug("The file of routes has some that cannot be", e);
      return false;
    }
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file, BYTE_FOR_BYTE);
    } catch (NoSuchFileException e) {
      return List.of("# Which backends get which records; see docs/operations/configuration.md.");
    }
  }

  private static boolean isOfRoutes(String key) {
    return key.startsWith(RouteSettings.ROUTE) || key.startsWith(RouteSettings.READ_FROM);
  }
}
