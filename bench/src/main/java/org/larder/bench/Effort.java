package org.larder.bench;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param runs how often each figure is taken
 * @param held a load with nothing draining
 * @param draining a load with SQLite draining beside it
 * @param side a load whose figures nobody promised, or a baseline
 * @param warmUp before each load
 * @param openLoop the load at a steady rate
 * @param smallRows tasks of the small data set
 * @param largeRows tasks of the large one, and of a migration
 * @param queryRepeats requests of each kind for cheap queries, after as many that are not counted;
 *     a twenty-fifth of it for costly ones
 * @param crashLoad longest load before a kill
 * @param crashes how often the node is killed
 * @param idle how long a node is left alone before its memory is looked at
 * @param idleRuns how often
 * @param jmhSeconds of an iteration of a microbenchmark
 */
public record Effort(
    int runs,
    Duration held,
    Duration draining,
    Duration side,
    Duration warmUp,
    Duration openLoop,
    long smallRows,
    long largeRows,
    int queryRepeats,
    Duration crashLoad,
    int crashes,
    Duration idle,
    int idleRuns,
    int jmhSeconds) {

  /** What the options ask for. */
  public static Effort of(Options options) {
    int seconds = options.seconds().orElse(options.quick() ? 2 : 30);
    int runs = options.runs().orElse(options.quick() ? 1 : 5);
    return new Effort(
        runs,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(Math.max(1, seconds * 2L / 3)),
        Duration.ofSeconds(Math.max(1, seconds / 6)),
        Duration.ofSeconds(options.quick() ? 1 : 8),
        Duration.ofSeconds(options.quick() ? Math.min(5, 2L * seconds) : 2L * seconds),
        10_000,
        options.rows().orElse(options.quick() ? 20_000 : 1_000_000),
        options.quick() ? 100 : 5_000,
        Duration.ofSeconds(options.quick() ? 2 : 6),
        3,
        Duration.ofSeconds(options.quick() ? 3 : 60),
        Math.min(runs, 3),
        options.quick() ? 1 : 3);
  }
}
