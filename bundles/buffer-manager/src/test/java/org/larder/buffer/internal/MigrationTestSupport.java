package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Consistency;
import org.larder.buffer.MigrationStatus.Phase;

/** Two backends to migrate between, and a node that begins with the first. */
@Timeout(60)
abstract class MigrationTestSupport {
  @TempDir Path data;
  final FakeStore store = new FakeStore();
  final FakeStore copy = new FakeStore();
  final MigratingFake main = new MigratingFake("main", store);
  final MigratingFake target = new MigratingFake("copy", copy);

  /** A node with sixty notes. */
  TestNode open() throws IOException {
    TestNode node = MigrationFixture.open(data, main, target);
    for (int i = 0; i < 30; i++) {
      node.puts("a" + i, "b" + i);
    }
    node.flush();
    return node;
  }

  /** The backend that answers. */
  static String source(TestNode node) {
    return node.buffer.reader().get("notes", "a1", Consistency.STORED).source();
  }

  static boolean isVerifying(TestNode node) {
    return node.buffer.migrations().list().stream()
        .anyMatch(migration -> migration.phase() == Phase.VERIFYING);
  }
}
