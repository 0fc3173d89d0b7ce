package org.larder.storage.mysql.internal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How connections are encrypted.
 *
 * @param mode what is demanded
 * @param trustStore certificates of authorities in PKCS #12 or JKS; empty for those of the system
 * @param trustStorePassword opens the trust store
 */
record Tls(Mode mode, Optional<Path> trustStore, Secret trustStorePassword) {
  /** What is demanded of a connection. */
  enum Mode {
    /** No encryption. */
    DISABLED,
    /** Encryption if the server has it. */
    PREFERRED,
    /** Encryption, with whatever certificate. */
    REQUIRED,
    /** Encryption, with a certificate of a trusted authority. */
    VERIFY_CA,
    /** As before, and the certificate names the host. */
    VERIFY_IDENTITY;

    /** The mode that a configuration names. */
    static Mode named(String name) {
      try {
        return valueOf(name.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "tls has to be disabled, preferred, required, verify_ca or verify_identity, not "
                + name,
            e);
      }
    }
  }

  /** Encryption if the server has it. */
  static Tls preferred() {
    return new Tls(Mode.PREFERRED, Optional.empty(), Secret.of(""));
  }

  /** The type of the trust store, told by its name. */
  String trustStoreType() {
    String name = trustStore.map(Path::toString).orElse("");
    return name.toLowerCase(Locale.ROOT).endsWith(".jks") ? "JKS" : "PKCS12";
  }
}
