package org.larder.rest.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured API keys: {@code key.<name> = <role>:<SHA-256 of the key in hex>}. Immutable.
 *
 * <p>Once an entry is there, readable or not, a key is required: a slip in the file closes the node
 * and does not open it.
 */
final class ApiKeys {
  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
  private static final String PREFIX = "key.";
  private static final int HASH_LENGTH = 32;

  private final List<ApiKey> keys = new ArrayList<>();
  private boolean required;

  /** What a key may do; each may what the ones before it may. */
  enum Role {
    READER,
    WRITER,
    OPERATOR
  }

  /** One key, of which nothing but the hash is known. */
  record ApiKey(String name, Role role, String hash) {}

  ApiKeys(Map<String, ?> configuration) {
    configuration.forEach(
        (property, value) -> {
          if (property.toLowerCase(Locale.ROOT).startsWith(PREFIX) && !value.toString().isBlank()) {
            required = true;
            add(property.substring(PREFIX.length()), value.toString().strip());
          }
        });
  }

  private void add(String name, String value) {
    int colon = value.indexOf(':');
    try {
      Role role = Role.valueOf(value.substring(0, colon).strip().toUpperCase(Locale.ROOT));
      String hash = value.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
      if (HexFormat.of().parseHex(hash).length == HASH_LENGTH) {
        keys.add(new ApiKey(name, role, hash));
        return;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      log.debug("A key that cannot be read", e);
    }
    log.error(
        "larder.security: key.{} is not <reader|writer|operator>:<64 hex digits>; it opens nothing",
        name);
  }

  /** True if requests need a key. */
  boolean required() {
    return required;
  }

  /** The key that was presented; compared with every one, so that time tells nothing. */
  Optional<ApiKey> find(String presented) {
    byte[] hash = hash(presented).getBytes(StandardCharsets.US_ASCII);
    ApiKey found = null;
    for (ApiKey key : keys) {
      if (MessageDigest.isEqual(hash, key.hash().getBytes(StandardCharsets.US_ASCII))) {
        found = key;
      }
    }
    return Optional.ofNullable(found);
  }

  private static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
