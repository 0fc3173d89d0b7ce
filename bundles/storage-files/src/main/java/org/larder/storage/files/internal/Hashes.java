package org.larder.storage.files.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where the hash of a file is kept: in an attribute of the file itself, which is renamed with it.
 * Where there are no such attributes, or a copy has lost them, the file is read. Immutable.
 *
 * @param attributes whether the file system has attributes of the user's own
 */
record Hashes(boolean attributes) {
  private static final String ATTRIBUTE = "larder.sha256";
  private static final int BUFFER_BYTES = 64 << 10;

  /** Tries it out on a file. */
  static Hashes probe(Path file) {
    try {
      new Hashes(true).keep(file, "probe");
      return new Hashes(true);
    } catch (IOException | UnsupportedOperationException e) {
      return new Hashes(false);
    }
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Keeps the hash of a file that nobody reads yet. */
  void keep(Path file, String sha256) throws IOException {
    if (attributes) {
      ByteBuffer value = StandardCharsets.US_ASCII.encode(sha256);
      view(file).write(ATTRIBUTE, value);
    }
  }

  /** What was kept; empty if nothing was. */
  Optional<String> kept(Path file) throws IOException {
    if (!attributes) {
      return Optional.empty();
    }
    UserDefinedFileAttributeView view = view(file);
    if (!view.list().contains(ATTRIBUTE)) {
      return Optional.empty();
    }
    ByteBuffer value = ByteBuffer.allocate(view.size(ATTRIBUTE));
    view.read(ATTRIBUTE, value);
    return Optional.of(StandardCharsets.US_ASCII.decode(value.flip()).toString());
  }

  /** Reads the file for its hash. */
  static String compute(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (in.read(buffer) >= 0) {
        // The stream feeds the digest.
      }
    }
    return hex(digest);
  }

  private static UserDefinedFileAttributeView view(Path file) {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    if (view == null) {
      throw new UnsupportedOperationException("No attributes of the user's own");
    }
    return view;
  }
}
