package org.larder.prove.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.bench.load.KeySequence;
import org.larder.prove.record.AckLog;
import org.larder.prove.record.Ledger;
import org.larder.prove.task.TaskState;

class ComparisonTest {
  private static final KeySequence KEYS = KeySequence.random(7);

  @TempDir private Path folder;

  private AckLog log;
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    file = folder.resolve("acknowledged.log");
    log = new AckLog(file);
  }

  @AfterEach
  void end() throws IOException {
    log.close();
  }

  private void keep(long first, int count, int version) throws IOException {
    log.sent(first, count, version);
    log.kept(first, count, version);
  }

  private static ObjectNode task(long number, int version) {
    return new TaskState(KEYS, number, version, version).item();
  }

  private static ObjectNode merged(ObjectNode older, ObjectNode newer) {
    older.setAll(newer);
    return older;
  }

  private Findings compare(ObjectNode... tasks) throws IOException {
    Comparison comparison = new Comparison(Ledger.read(file), KEYS);
    for (ObjectNode task : tasks) {
      if (!task.has("retry_count")) {
        task.put("retry_count", 0);
      }
      comparison.found(task);
    }
    return comparison.findings(tasks.length);
  }

  @Test
  void allThatWasAcknowledgedIsThere() throws IOException {
    keep(0, 2, 0);
    keep(0, 2, 1);
    Findings findings = compare(merged(task(1, 0), task(1, 1)), merged(task(0, 0), task(0, 1)));
    assertThat(findings.isFlawless()).as(findings.examples().toString()).isTrue();
    assertThat(findings)
        .hasToString(
            "acknowledged 2 · found 2 · lost 0 · doubled 0 · altered 0 · unacknowledged present 0");
  }

  @Test
  void missingTaskIsLost() throws IOException {
    keep(0, 2, 0);
    Findings findings = compare(task(1, 0));
    assertThat(findings.lost()).isEqualTo(1);
    assertThat(findings.found()).isEqualTo(1);
    assertThat(findings.isFlawless()).isFalse();
  }

  @Test
  void taskThatIsListedTwiceIsDoubled() throws IOException {
    keep(0, 1, 0);
    Findings findings = compare(task(0, 0), task(0, 0));
    assertThat(findings.doubled()).isEqualTo(1);
    assertThat(findings.found()).isEqualTo(1);
    assertThat(findings.isFlawless()).isFalse();
  }

  @Test
  void countThatDiffersFromTheListIsDoubled() throws IOException {
    keep(0, 1, 0);
    Comparison comparison = new Comparison(Ledger.read(file), KEYS);
    comparison.found(task(0, 0).put("retry_count", task(0, 0).path("retry_count").asInt()));
    assertThat(comparison.findings(3).doubled()).isEqualTo(2);
  }

  @Test
  void olderVersionThanAcknowledgedIsAltered() throws IOException {
    keep(0, 1, 0);
    keep(0, 1, 1);
    Findings findings = compare(task(0, 0));
    assertThat(findings.altered()).isEqualTo(1);
    assertThat(findings.lost()).isZero();
    assertThat(findings.isFlawless()).isFalse();
  }

  @Test
  void laterVersionThatWasSentIsAllowed() throws IOException {
    keep(0, 1, 0);
    log.sent(0, 1, 1);
    Findings findings = compare(merged(task(0, 0), task(0, 1)));
    assertThat(findings.laterVersions()).isEqualTo(1);
    assertThat(findings.found()).isEqualTo(1);
    assertThat(findings.isFlawless()).isTrue();
  }

  @Test
  void whatWasSentOnlyIsAllowedButNotExpected() throws IOException {
    log.sent(0, 1, 0);
    assertThat(compare(task(0, 0)).unacknowledgedPresent()).isEqualTo(1);
    Findings absent = compare();
    assertThat(absent.acknowledged()).isZero();
    assertThat(absent.isFlawless()).isTrue();
  }

  @Test
  void requestThatIsThereInPartIsTorn() throws IOException {
    log.sent(0, 2, 0);
    Findings findings = compare(task(1, 0));
    assertThat(findings.torn()).isEqualTo(1);
    assertThat(findings.isFlawless()).isFalse();
  }

  @Test
  void deletedTaskThatIsThereIsAltered() throws IOException {
    keep(0, 1, 0);
    log.deleting(0);
    log.deleted(0);
    assertThat(compare().isFlawless()).isTrue();
    Findings findings = compare(task(0, 0));
    assertThat(findings.resurrected()).isEqualTo(1);
    assertThat(findings.altered()).isEqualTo(1);
    assertThat(findings.acknowledged()).isZero();
  }

  @Test
  void deletionWithoutAnswerMayHaveHappenedOrNot() throws IOException {
    keep(0, 2, 0);
    log.deleting(0);
    assertThat(compare(task(1, 0)).isFlawless()).isTrue();
  }

  @Test
  void taskThatIsWrittenAfterItsDeletionIsNew() throws IOException {
    keep(0, 1, 0);
    log.deleting(0);
    log.deleted(0);
    keep(0, 1, 1);
    Findings findings = compare(task(0, 1));
    assertThat(findings.found()).isEqualTo(1);
    assertThat(findings.isFlawless()).as(findings.examples().toString()).isTrue();
  }

  @Test
  void taskOfSomebodyElseIsForeign() throws IOException {
    keep(0, 1, 0);
    assertThat(compare(task(0, 0), task(5, 0)).foreign()).isEqualTo(1);
  }
}
