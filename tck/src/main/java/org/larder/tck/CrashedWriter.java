package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.WriteResult;

/** A process that writes {@link CrashHistory} to a store, and says how far it got, until killed. */
final class CrashedWriter {
  private static final String WRITTEN = "written ";
  private static final String SYNCED = "synced ";
  private static final int SYNC_EVERY = 4;

  /**
   * What a killed writer had said.
   *
   * @param written the end of the last batch that it knew to be in
   * @param synced the last position that it knew to be durable
   */
  record Told(long written, long synced) {}

  private CrashedWriter() {}

  /** Writes until the process is killed. Arguments: the factory's class, the place, the epoch. */
  public static void main(String[] arguments) throws Exception {
    Constructor<? extends OtherProcess.Factory> constructor =
        Class.forName(arguments[0]).asSubclass(OtherProcess.Factory.class).getDeclaredConstructor();
    constructor.setAccessible(true);
    StorageBackend backend = constructor.newInstance().open(arguments[1]);
    long epoch = Long.parseLong(arguments[2]);
    long sequence =
        TestStore.persist(() -> backend.attach(CrashHistory.attachment(epoch)))
            .position()
            .sequence();
    backend.ensureCollection(CrashHistory.SCHEMA);
    for (long number = sequence / CrashHistory.BATCH; ; number++) {
      WriteResult result = backend.write(CrashHistory.batch(number, epoch));
      if (!(result instanceof WriteResult.Committed)) {
        throw new IllegalStateException(result.toString());
      }
      System.out.println(WRITTEN + (number + 1) * CrashHistory.BATCH);
      if (number % SYNC_EVERY == 0) {
        System.out.println(SYNCED + backend.sync(TestStore.FOLLOWER, 0).sequence());
      }
    }
  }

  /** Runs a writer and kills it at some moment. */
  static Told runAndKill(OtherProcess other, long epoch, Random random)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashedWriter.class.getName(),
                other.factory().getName(),
                other.place(),
                Long.toString(epoch))
            .redirectErrorStream(true)
            .start();
    long written = 0;
    long synced = 0;
    int countdown = 1 + random.nextInt(25);
    StringBuilder talk = new StringBuilder();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(WRITTEN)) {
          written = Long.parseLong(line.substring(WRITTEN.length()));
          if (--countdown == 0) {
            boolean unused = process.waitFor(random.nextInt(20_000), TimeUnit.MICROSECONDS);
            // By its handle, since the process itself would close its output, unread.
            boolean killed = process.toHandle().destroyForcibly();
            assertThat(killed).isTrue();
          }
        } else if (line.startsWith(SYNCED)) {
          synced = Long.parseLong(line.substring(SYNCED.length()));
        } else {
          talk.append(line).append('\n');
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(countdown).as("The writer ended by itself: %s", talk).isNotPositive();
    return new Told(written, synced);
  }
}
