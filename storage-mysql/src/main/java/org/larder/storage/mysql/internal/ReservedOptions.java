package org.larder.storage.mysql.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The options of the driver that are not for an address, since the backend sets them itself. The
 * driver takes a name in any case, so that one written otherwise would contend with the backend's.
 */
final class ReservedOptions {
  /** Others would not reach the driver as one name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private static final Map<String, String> INSTEAD = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    // Where sslMode is given, the driver does not look at the older ones.
    reserve(
        "encryption is set by the key tls",
        List.of("sslMode", "useSSL", "requireSSL", "verifyServerCertificate"));
    reserve(
        "certificates are set by the keys trust_store and trust_store_password",
        List.of(
            "trustCertificateKeyStoreUrl",
            "trustCertificateKeyStoreType",
            "trustCertificateKeyStorePassword",
            "fallbackToSystemTrustStore"));
    reserve("it is set by the key connect_timeout_ms", List.of("connectTimeout"));
    reserve("it follows from the key query_timeout_ms", List.of("socketTimeout"));
    reserve(
        "the backend brings its own, without which it could not cut a connection when it stops",
        List.of("socketFactory"));
    reserve(
        "the backend counts the rows that matched, and would take what is there for missing",
        List.of("useAffectedRows"));
    reserve(
        "the backend sets it itself, and would keep or find values wrongly with another",
        List.of(
            "characterEncoding",
            "characterSetResults",
            "maxRows",
            "sessionVariables",
            "nullDatabaseMeansCurrent",
            "nullCatalogMeansCurrent"));
    reserve(
        "the backend sets it itself to the value that it works with",
        List.of("rewriteBatchedStatements", "useLocalSessionState", "logger", "openTelemetry"));
  }

  private ReservedOptions() {}

  private static void reserve(String instead, List<String> names) {
    names.forEach(name -> INSTEAD.put(name, instead));
  }

  /**
   * Lets the names of options pass that an address may have.
   *
   * @param name decoded, without blanks around it
   * @throws IllegalArgumentException if the backend sets it itself, or it is none
   */
  static void refuse(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("user") || lower.startsWith("password")) {
      throw new IllegalArgumentException(
          "url carries a user or a password; they have keys of their own");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "url has an option whose name is none; names are of letters, digits, dots and dashes");
    }
    String instead = INSTEAD.get(name);
    if (instead != null) {
      throw new IllegalArgumentException("url has a " + name + "; remove it: " + instead);
    }
  }
}
