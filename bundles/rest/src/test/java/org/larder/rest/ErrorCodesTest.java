package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;

class ErrorCodesTest {
  private static final Pattern OF_A_REPLY =
      Pattern.compile("Problem\\s*\\.(?:of\\(\\s*\\d+,|notFound\\()\\s*\"([A-Z_]+)\"");
  private static final Pattern OF_A_FOLLOWER =
      Pattern.compile(
          "(?:new\\s+StorageException\\(\\s*[\\w.]+\\s*,"
              + "|\\bstop\\("
              + "|\\bbecome\\(\\s*[\\w.]+\\s*,)"
              + "\\s*\"([A-Z_]+)\"");
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @Test
  void everyCodeOfAReplyIsDocumented() throws IOException {
    Set<String> codes = codesInTheSources(OF_A_REPLY);
    for (BufferException.Reason reason : BufferException.Reason.values()) {
      codes.add(reason.code());
    }
    assertThat(codes).hasSizeGreaterThan(20);
    assertThat(undocumented(codes)).isEmpty();
  }

  @Test
  void everyCodeOfAFollowerIsDocumented() throws IOException {
    Set<String> codes = codesInTheSources(OF_A_FOLLOWER);
    // One for each way in which a source may name a code.
    assertThat(codes).hasSizeGreaterThan(20).contains("SCHEMA_MISSING", "TIMEOUT", "HELD");
    assertThat(undocumented(codes)).isEmpty();
  }

  private static List<String> undocumented(Set<String> codes) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/error-codes.md"));
    return codes.stream().filter(code -> !page.contains("`" + code + "`")).toList();
  }

  private static Set<String> codesInTheSources(Pattern pattern) throws IOException {
    Set<String> codes = new TreeSet<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("bundles"))) {
      try (Stream<Path> modules = Files.list(folder)) {
        for (Path module : modules.toList()) {
          Path sources = module.resolve("src/main/java");
          if (Files.isDirectory(sources)) {
            collect(sources, pattern, codes);
          }
        }
      }
    }
    return codes;
  }

  private static void collect(Path sources, Pattern pattern, Set<String> codes) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ErrorCodesTest::read)
          .map(pattern::matcher)
          .flatMap(Matcher::results)
          .forEach(found -> codes.add(found.group(1)));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
