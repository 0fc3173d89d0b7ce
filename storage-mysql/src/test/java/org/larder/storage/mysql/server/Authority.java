package org.larder.storage.mysql.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Signs certificates for servers of tests, by the JDK's keytool; for one thread. */
public final class Authority {
  /** Opens the trust store. */
  public static final String PASSWORD = "changeit";

  private static final String TYPE = "PKCS12";
  private static final String DAYS = "3650";
  private static final long PATIENCE_SECONDS = 60;

  private final Path folder;

  private Authority(Path folder) {
    this.folder = folder;
  }

  /** A new authority, which nobody trusts yet. */
  public static Authority in(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Authority authority = new Authority(Files.createDirectories(folder));
    String name = "CN=Authority " + folder.getFileName();
    authority.generate("authority", "-dname", name, "-ext", "bc:c", "-ext", "ku:c=kCS");
    authority.trust();
    return authority;
  }

  private void trust() throws IOException, GeneralSecurityException {
    Certificate certificate = open("authority").getCertificate("authority");
    Files.writeString(
        folder.resolve("authority.pem"), pem("CERTIFICATE", certificate.getEncoded()));
    KeyStore trusted = KeyStore.getInstance(TYPE);
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", certificate);
    try (OutputStream content = Files.newOutputStream(trustStore())) {
      trusted.store(content, PASSWORD.toCharArray());
    }
  }

  /** What a client trusts that believes this authority. */
  public Path trustStore() {
    return store("trusted");
  }

  /**
   * The options of a server with a certificate of this authority.
   *
   * @param name of the server's files
   * @param places what the certificate speaks for, like {@code dns:localhost}
   */
  public String[] server(String name, String places)
      throws IOException, InterruptedException, GeneralSecurityException {
    generate(name, "-dname", "CN=" + name);
    keytool(name, "-certreq", "-file", file(name + ".request"));
    keytool(
        "authority",
        "-gencert",
        "-rfc",
        "-validity",
        DAYS,
        "-ext",
        "san=" + places,
        "-infile",
        file(name + ".request"),
        "-outfile",
        file(name + ".pem"));
    // The server reads PKCS #8 without a password.
    byte[] key = open(name).getKey(name, PASSWORD.toCharArray()).getEncoded();
    Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
    return new String[] {
      "--ssl-ca=" + file("authority.pem"),
      "--ssl-cert=" + file(name + ".pem"),
      "--ssl-key=" + file(name + ".key")
    };
  }

  private KeyStore open(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(TYPE);
    try (InputStream content = Files.newInputStream(store(name))) {
      store.load(content, PASSWORD.toCharArray());
    }
    return store;
  }

  private static String pem(String kind, byte[] content) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, text, kind);
  }

  private Path store(String name) {
    return folder.resolve(name + ".p12").toAbsolutePath();
  }

  private String file(String name) {
    return folder.resolve(name).toAbsolutePath().toString();
  }

  private void generate(String name, String... options) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-genkeypair", "-keyalg", "RSA", "-validity", DAYS));
    all.addAll(List.of(options));
    keytool(name, all.toArray(String[]::new));
  }

  private void keytool(String name, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-alias", name, "-keystore", store(name).toString()));
    command.addAll(List.of("-storetype", TYPE, "-storepass", PASSWORD));
    Path output = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException(
          options[0] + " failed: " + Files.readString(output, StandardCharsets.UTF_8));
    }
  }
}
