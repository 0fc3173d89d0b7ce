package org.larder.prove.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.bench.load.KeySequence;
import org.larder.prove.record.Block;
import org.larder.prove.record.Ledger;
import org.larder.prove.record.Life;
import org.larder.prove.task.TaskState;

/** Compares what is read back with what was acknowledged; for one thread. */
public final class Comparison {
  private static final int EXAMPLES = 10;
  private static final int LONGEST_EXAMPLE = 500;

  private final Ledger ledger;
  private final KeySequence keys;
  private final BitSet seen = new BitSet();
  private final Map<Block, Integer> shownAsSent = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long listed;
  private long doubled;
  private long altered;
  private long resurrected;
  private long unacknowledgedPresent;
  private long laterVersions;
  private long foreign;

  /** Against that record. */
  public Comparison(Ledger ledger, KeySequence keys) {
    this.ledger = ledger;
    this.keys = keys;
  }

  /** Takes a task that was read. */
  public void found(JsonNode task) {
    listed++;
    String key = task.path("task_id").asText();
    long number = keys.number(key);
    Optional<Block> sent = number < 0 ? Optional.empty() : ledger.of(number);
    if (sent.isEmpty()) {
      foreign++;
      example(key + " was never sent");
      return;
    }
    int index = Math.toIntExact(number);
    if (seen.get(index)) {
      doubled++;
      example("task " + number + " (" + key + ") is listed twice");
      return;
    }
    seen.set(index);
    judge(task, number, sent.get());
  }

  private void judge(JsonNode task, long number, Block block) {
    Life acknowledged = block.acknowledged();
    if (acknowledged.isPresent() && differences(task, number, acknowledged).isEmpty()) {
      return;
    }
    Optional<Life> sent = block.sent().filter(Life::isPresent);
    if (sent.isPresent() && differences(task, number, sent.get()).isEmpty()) {
      shownAsSent.merge(block, 1, Integer::sum);
      if (acknowledged.isPresent()) {
        laterVersions++;
      } else {
        unacknowledgedPresent++;
      }
      return;
    }
    altered++;
    if (acknowledged.isPresent()) {
      example(
          "task " + number + " " + acknowledged + ": " + differences(task, number, acknowledged));
    } else {
      resurrected++;
      example(
          "task " + number + " is there though it was deleted, or is not what was sent: " + task);
    }
  }

  private List<String> differences(JsonNode task, long number, Life life) {
    return new TaskState(keys, number, life.base(), life.version()).differences(task);
  }

  /**
   * The result, once everything was taken.
   *
   * @param counted how many tasks the node says there are
   */
  public Findings findings(long counted) {
    long acknowledged = 0;
    long missing = 0;
    long torn = 0;
    for (Block block : ledger.blocks()) {
      int present = present(block);
      int shown = shownAsSent.getOrDefault(block, 0);
      if (block.acknowledged().isPresent() && !block.isBeingDeleted()) {
        acknowledged += block.count();
        missing += block.count() - present;
        if (present < block.count()) {
          example(block + ": " + (block.count() - present) + " are lost");
        }
      }
      if (shown > 0 && shown < block.count()) {
        torn += shown;
        example(block + ": only " + shown + " are as sent in " + block.sent());
      }
    }
    if (counted != listed) {
      doubled += Math.abs(counted - listed);
      example("the node counts " + counted + " tasks and lists " + listed);
    }
    return new Findings(
        acknowledged,
        acknowledged - missing,
        missing,
        doubled,
        altered,
        resurrected,
        unacknowledgedPresent,
        laterVersions,
        torn,
        foreign,
        examples);
  }

  private int present(Block block) {
    int begin = Math.toIntExact(block.first());
    return seen.get(begin, begin + block.count()).cardinality();
  }

  private void example(String what) {
    if (examples.size() < EXAMPLES) {
      examples.add(what.length() > LONGEST_EXAMPLE ? what.substring(0, LONGEST_EXAMPLE) : what);
    }
  }
}
