package org.larder.rest.internal;

import java.util.regex.Pattern;

/** Tells secrets in configurations by their names, and takes them out of addresses. */
final class Secrets {
  static final String MASK = "***";

  private static final Pattern NAME =
      Pattern.compile(
          "(?i).*(passw|passphrase|secret|token|credential|private|apikey|(^|[._-])key([._-]|$)"
              + "|(^|[._-])pwd([._-]|$)).*");

  /** The user's part of an address, and parameters that are named like a secret. */
  private static final Pattern IN_ADDRESS =
      Pattern.compile("(?i)(?<=://)[^/@\\s]+(?=@)|(?<=[?&;](password|pwd|secret|token)=)[^&;\\s]*");

  private Secrets() {}

  static boolean isSecret(String property) {
    return property.startsWith(".") || NAME.matcher(property).matches();
  }

  static String maskAddress(String value) {
    return IN_ADDRESS.matcher(value).replaceAll(MASK);
  }
}
