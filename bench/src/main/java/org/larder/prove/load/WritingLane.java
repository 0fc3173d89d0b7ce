package org.larder.prove.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.larder.prove.task.TaskState;

/**
 * One writer: new tasks, and again and again newer versions of its own; for one thread. What was
 * given up is never touched again, so its two possible states stay known.
 */
final class WritingLane implements Lane {
  private static final double UPDATE_SHARE = 0.35;
  private static final double RECENT_SHARE = 0.5;
  private static final int RECENT = 8;
  private static final int KEPT_IN_MIND = 2_000;
  private static final int MOST_ITEMS = 100;

  /** One in so many finished sessions is deleted. */
  private static final int DELETE_ONE_IN = 4;

  private static final class Written {
    final long first;
    final int count;
    int version;

    Written(long first, int count) {
      this.first = first;
      this.count = count;
    }

    long session() {
      return first / TaskState.SESSION_TASKS;
    }
  }

  private final Run run;
  private final SplittableRandom random;
  private final TaskWriter writer;
  private final List<Written> own = new ArrayList<>();
  private final Set<Long> uncertain = new HashSet<>();
  private long session;
  private int used;

  WritingLane(Run run, SplittableRandom random) {
    this.run = run;
    this.random = random;
    this.writer = new TaskWriter(run, random);
    this.session = run.beginSession();
  }

  @Override
  public void step() throws IOException {
    if (!own.isEmpty() && random.nextDouble() < UPDATE_SHARE) {
      update();
    } else {
      create();
    }
  }

  private void create() throws IOException {
    if (used == TaskState.SESSION_TASKS) {
      endSession();
    }
    int count = Math.min(1 + random.nextInt(MOST_ITEMS), TaskState.SESSION_TASKS - used);
    Written block = new Written(session * TaskState.SESSION_TASKS + used, count);
    used += count;
    run.pace.await(count);
    if (writer.write(block.first, count, 0)) {
      own.add(block);
      if (own.size() > KEPT_IN_MIND) {
        own.remove(0);
      }
    } else {
      uncertain.add(block.session());
    }
  }

  private void update() throws IOException {
    int oldest = random.nextDouble() < RECENT_SHARE ? Math.max(0, own.size() - RECENT) : 0;
    int index = random.nextInt(oldest, own.size());
    Written block = own.get(index);
    run.pace.await(block.count);
    if (writer.write(block.first, block.count, block.version + 1)) {
      block.version++;
    } else {
      uncertain.add(block.session());
      own.remove(index);
    }
  }

  private void endSession() {
    long ended = session;
    Optional<Written> any = own.stream().filter(block -> block.session() == ended).findFirst();
    if (any.isPresent() && !uncertain.contains(ended) && random.nextInt(DELETE_ONE_IN) == 0) {
      own.removeIf(block -> block.session() == ended);
      Written block = any.get();
      run.finishSession(new FinishedSession(ended, block.first, block.count, block.version));
    }
    session = run.beginSession();
    used = 0;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
