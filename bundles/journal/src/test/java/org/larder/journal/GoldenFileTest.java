package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The format as docs/journal-format.md has it, read here byte by byte without the journal's code.
 */
class GoldenFileTest {
  private static final String FIRST = "0000000000000001.segment";
  private static final String SECOND = "0000000000000002.segment";

  /** A file, big-endian. */
  private static final class Bytes {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] all() {
      return bytes;
    }

    int int32(int at) {
      return ByteBuffer.wrap(bytes).getInt(at);
    }

    long int64(int at) {
      return ByteBuffer.wrap(bytes).getLong(at);
    }

    String text(int at, int length) {
      return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFileTest.class.getResourceAsStream("/golden/" + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void theSameAppendsMakeTheSameBytes() throws Exception {
    for (Map.Entry<String, byte[]> file : GoldenJournal.make().entrySet()) {
      assertThat(file.getValue()).as(file.getKey()).isEqualTo(golden(file.getKey()));
    }
  }

  @Test
  void segmentHeaderIsAsDocumented() throws Exception {
    Bytes first = new Bytes(golden(FIRST));
    assertThat(first.text(0, 8)).isEqualTo("LARDERSG");
    assertThat(first.int32(8)).isEqualTo(crc(first, 12, 4096));
    assertThat(first.int32(12)).as("format").isEqualTo(1);
    assertThat(first.int64(16)).isEqualTo(0x0011223344556677L);
    assertThat(first.int64(24)).isEqualTo(0x8899AABBCCDDEEFFL);
    assertThat(first.int64(32)).as("number").isEqualTo(1);
    assertThat(first.int64(40)).as("predecessor").isZero();
    assertThat(first.int64(48)).as("predecessor's end").isZero();
    assertThat(first.int64(56)).as("epoch").isEqualTo(1);
    assertThat(first.int64(64)).as("first sequence").isZero();
    assertThat(first.int32(72)).as("lost ranges").isZero();
    Bytes second = new Bytes(golden(SECOND));
    assertThat(second.int32(8)).isEqualTo(crc(second, 12, 4096));
    assertThat(second.int64(32)).isEqualTo(2);
    assertThat(second.int64(40)).isEqualTo(1);
    assertThat(second.int64(48)).isEqualTo(4);
    assertThat(second.int64(64)).isEqualTo(5);
    assertThat(second.int32(72)).isEqualTo(1);
    assertThat(second.int64(80)).isEqualTo(4);
    assertThat(second.int64(88)).isEqualTo(5);
  }

  @Test
  void groupsAndFramesAreAsDocumented() throws Exception {
    Bytes first = new Bytes(golden(FIRST));
    group(first, 1, 4096, 0, 3, 0, 2);
    frame(first, 1, 4160, 0, 2, 1, 0, 3, "first");
    frame(first, 1, 4216, 2, 1, 2, 1, 3, "zweiter ✓");
    assertThat(first.int32(4096 + 40)).as("bytes").isEqualTo(64 + 56 + 64);
    group(first, 1, 4608, 3, 4, 3, 1);
    frame(first, 1, 4672, 3, 1, 1, 0, 4, "");
    group(first, 1, 5120, 4, 5, 4, 1);
    frame(first, 1, 5184, 4, 1, 1, 0, 4, "not durable");
    Bytes second = new Bytes(golden(SECOND));
    group(second, 2, 4096, 5, 6, 5, 1);
    frame(second, 2, 4160, 5, 1, 1, 0, 4, "after");
  }

  @Test
  void metadataIsAsDocumented() throws Exception {
    assertThat(metadata("journal.id"))
        .containsExactly("larder-journal journal.id 1", "id " + GoldenJournal.ID);
    assertThat(metadata("epochs"))
        .containsExactly("larder-journal epochs 1", "epoch 1 0", "closed 6");
    assertThat(metadata("readers")).containsExactly("larder-journal readers 1", "reader primary 3");
    assertThat(metadata("losses"))
        .containsExactly("larder-journal losses 1", "loss failed 4 5 0 0 0");
  }

  @Test
  void goldenJournalOpens(@TempDir Path directory) throws Exception {
    for (String name : GoldenJournal.FILES) {
      Files.write(directory.resolve(name), golden(name));
    }
    assertThat(JournalInspector.verify(directory).clean()).isTrue();
    try (Journal journal =
            Journal.open(JournalOptions.of(directory, 64 << 10).withSegmentBytes(8 << 10));
        JournalReader reader = journal.reader(0, 0)) {
      assertThat(journal.id()).isEqualTo(GoldenJournal.ID);
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(reader.read(1000))
          .extracting(frame -> StandardCharsets.UTF_8.decode(frame.payload()).toString())
          .containsExactly("first", "zweiter ✓", "", "after");
      assertThat(journal.lost(4, 5)).isTrue();
    }
  }

  @Test
  void journalOfAnotherFormatIsRefusedAndLeftAlone(@TempDir Path directory) throws Exception {
    for (String name : GoldenJournal.FILES) {
      Files.write(directory.resolve(name), golden(name));
    }
    byte[] other = golden(SECOND);
    ByteBuffer.wrap(other).putInt(12, 2).putInt(8, 0);
    ByteBuffer.wrap(other).putInt(8, crc(new Bytes(other), 12, 4096));
    Files.write(directory.resolve(SECOND), other);
    JournalOptions options = JournalOptions.of(directory, 64 << 10).withSegmentBytes(8 << 10);
    assertThatThrownBy(() -> Journal.open(options)).hasMessageContaining("format 2");
    assertThat(Files.readAllBytes(directory.resolve(SECOND))).isEqualTo(other);
    assertThat(Files.readAllBytes(directory.resolve("epochs"))).isEqualTo(golden("epochs"));
  }

  private static void group(
      Bytes file, long segment, int at, long first, long end, long settled, int frames) {
    assertThat(file.text(at, 4)).isEqualTo("LGRP");
    assertThat(file.int32(at + 4)).isEqualTo(placed(file, segment, at, 64));
    assertThat(file.int64(at + 8)).as("epoch").isEqualTo(1);
    assertThat(file.int64(at + 16)).isEqualTo(first);
    assertThat(file.int64(at + 24)).isEqualTo(end);
    assertThat(file.int64(at + 32)).isEqualTo(settled);
    assertThat(file.int32(at + 44)).isEqualTo(frames);
  }

  private static void frame(
      Bytes file,
      long segment,
      int at,
      long sequence,
      int count,
      int kind,
      int flags,
      int schema,
      String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    assertThat(file.text(at, 4)).isEqualTo("LFRM");
    assertThat(file.int32(at + 4)).isEqualTo(placed(file, segment, at, 48));
    assertThat(file.int64(at + 8)).as("epoch").isEqualTo(1);
    assertThat(file.int64(at + 16)).isEqualTo(sequence);
    assertThat(file.int32(at + 24)).isEqualTo(count);
    assertThat(file.int32(at + 28)).isEqualTo(bytes.length);
    assertThat(file.int32(at + 32)).isEqualTo(crc(file, at + 48, at + 48 + bytes.length));
    assertThat(file.int32(at + 36)).isEqualTo(schema);
    assertThat(file.int32(at + 40) >>> 16).as("lane").isZero();
    assertThat(file.all()[at + 42]).isEqualTo((byte) kind);
    assertThat(file.all()[at + 43]).isEqualTo((byte) flags);
    assertThat(Arrays.copyOfRange(file.all(), at + 48, at + 48 + bytes.length)).isEqualTo(bytes);
  }

  private static int crc(Bytes file, int from, int to) {
    CRC32C checksum = new CRC32C();
    checksum.update(file.all(), from, to - from);
    return (int) checksum.getValue();
  }

  private static int placed(Bytes file, long segment, int at, int headerBytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(file.all(), at + 8, headerBytes - 8);
    ByteBuffer place = ByteBuffer.allocate(32);
    place.put(file.all(), 16, 16).putLong(segment).putLong(at);
    checksum.update(place.flip());
    return (int) checksum.getValue();
  }

  private static List<String> metadata(String name) throws IOException {
    byte[] bytes = golden(name);
    int body = bytes.length - "crc32c 00000000\n".length();
    String trailer = new String(bytes, body, bytes.length - body, StandardCharsets.UTF_8);
    assertThat(trailer)
        .isEqualTo(String.format("crc32c %08x", crc(new Bytes(bytes), 0, body)) + "\n");
    return new String(bytes, 0, body, StandardCharsets.UTF_8).lines().toList();
  }
}
