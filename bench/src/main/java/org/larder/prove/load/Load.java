package org.larder.prove.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.larder.bench.load.KeySequence;
import org.larder.prove.record.AckLog;

/** Writers on threads of their own, and one that deletes; for one thread. */
public final class Load implements AutoCloseable {
  private final Run run;
  private final List<Thread> threads = new ArrayList<>();

  private Load(Run run) {
    this.run = run;
  }

  /**
   * Begins to write.
   *
   * @param port where the node listens now, or will again
   */
  public static Load begin(
      LoadPlan plan, KeySequence keys, AckLog log, Answers answers, IntSupplier port) {
    Load load = new Load(new Run(keys, log, answers, port, new Pace(plan.itemsPerSecond())));
    SplittableRandom random = new SplittableRandom(plan.seed());
    answers.begin();
    for (int writer = 1; writer <= plan.writers(); writer++) {
      load.start("larder-prove-writer-" + writer, new WritingLane(load.run, random.split()));
    }
    load.start("larder-prove-deleter", new DeletingLane(load.run, random.split()));
    return load;
  }

  private void start(String name, Lane lane) {
    Thread thread = new Thread(() -> drive(lane), name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  private void drive(Lane lane) {
    try (lane) {
      while (!run.isEnding()) {
        lane.step();
      }
    } catch (IOException | RuntimeException e) {
      run.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      run.fail(e);
    }
  }

  /** Whether all writers are at work; a writer ends early only when it cannot note its answers. */
  public void check() throws IOException {
    run.throwFailure();
  }

  /** Lets every writer end what it has begun, and waits for it. */
  @Override
  public void close() throws IOException {
    run.end();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the writers ended", e);
    }
    run.answers.end();
    run.throwFailure();
  }
}
