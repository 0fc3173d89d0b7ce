package org.larder.prove.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.larder.prove.task.TaskState;

/** What the record of acknowledgements says about every task that was ever sent; for one thread. */
public final class Ledger {
  private final NavigableMap<Long, Block> blocks = new TreeMap<>();

  /** Reads the file of an {@link AckLog}. */
  public static Ledger read(Path file) throws IOException {
    Ledger ledger = new Ledger();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        ledger.take(line.split(" ", -1));
      }
    }
    return ledger;
  }

  private void take(String[] words) throws IOException {
    long first = Long.parseLong(words[1]);
    switch (words[0]) {
      case "sent" ->
          blocks
              .computeIfAbsent(first, key -> new Block(key, Integer.parseInt(words[2])))
              .sent(Integer.parseInt(words[3]));
      case "kept" -> blocks.get(first).acknowledge();
      case "deleting" -> session(first).forEach(Block::deleting);
      case "deleted" -> session(first).forEach(Block::acknowledge);
      default -> throw new IOException("not a line of this record: " + String.join(" ", words));
    }
  }

  private Collection<Block> session(long session) {
    long begin = session * TaskState.SESSION_TASKS;
    return blocks.subMap(begin, begin + TaskState.SESSION_TASKS).values();
  }

  /** All of them, by number. */
  public Collection<Block> blocks() {
    return blocks.values();
  }

  /** The block of the task with that number, unless that task was never sent. */
  public Optional<Block> of(long number) {
    return Optional.ofNullable(blocks.floorEntry(number))
        .map(Map.Entry::getValue)
        .filter(block -> number < block.first() + block.count());
  }
}
