package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;

class ErrorCodesTest {
  private static final Pattern CODE =
      Pattern.compile("Problem\\s*\\.(?:of\\(\\s*\\d+,|notFound\\()\\s*\"([A-Z_]+)\"");

  @Test
  void everyCodeOfAReplyIsDocumented() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (BufferException.Reason reason : BufferException.Reason.values()) {
      codes.add(reason.code());
    }
    Path bundles = Path.of("..").toAbsolutePath().normalize();
    try (Stream<Path> files = Files.walk(bundles)) {
      files
          .filter(file -> file.toString().endsWith(".java") && file.toString().contains("/main/"))
          .forEach(file -> collect(file, codes));
    }
    assertThat(codes).hasSizeGreaterThan(20);
    String page = Files.readString(bundles.resolve("../docs/error-codes.md"));
    assertThat(codes).allMatch(code -> page.contains("`" + code + "`"));
  }

  private static void collect(Path file, Set<String> codes) {
    try {
      Matcher matcher = CODE.matcher(Files.readString(file));
      while (matcher.find()) {
        codes.add(matcher.group(1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
