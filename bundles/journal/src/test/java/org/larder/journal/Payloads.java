package org.larder.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames whose payload begins with a number and is as long as wanted. */
final class Payloads {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Payloads() {}

  static byte[] bytes(int number, int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) ('a' + number % 26));
    byte[] head = String.format("<%08d>", number).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, payload, 0, head.length);
    return payload;
  }

  static NewFrame frame(int number, int length) {
    return NewFrame.of((byte) 1, false, 1, 1, bytes(number, length));
  }

  static int number(Frame frame) {
    ByteBuffer payload = frame.payload();
    byte[] head = new byte[8];
    payload.get(payload.position() + 1, head);
    return Integer.parseInt(new String(head, StandardCharsets.UTF_8));
  }

  /** Appends frames of the length, each in a group of its own. */
  static void append(Journal journal, int from, int to, int length) throws Exception {
    for (int number = from; number < to; number++) {
      journal.append(0, List.of(frame(number, length))).awaitSynced(PATIENCE);
    }
  }

  /** The numbers of everything that is left to be read. */
  static List<Integer> readAll(JournalReader reader) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    List<Frame> some = reader.read(5000);
    while (!some.isEmpty()) {
      some.forEach(frame -> numbers.add(number(frame)));
      some = reader.read(5000);
    }
    return numbers;
  }

  static List<Integer> readAll(Journal journal) throws IOException {
    try (JournalReader reader = journal.reader(0, journal.start(0))) {
      return readAll(reader);
    }
  }
}
