package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.bench.load.FakeServer;
import org.larder.bench.load.KeySequence;
import org.larder.prove.database.DatabaseServer;
import org.larder.prove.database.DatabaseUnderProof;
import org.larder.prove.database.Outage;
import org.larder.prove.database.Premises;
import org.larder.prove.load.Answers;
import org.larder.prove.load.Load;
import org.larder.prove.load.LoadPlan;
import org.larder.prove.mischief.Stage;
import org.larder.prove.node.NodeUnderProof;
import org.larder.prove.record.AckLog;

/** What becomes of a proof when one write of many is not answered with 202. */
class OnlyAcceptedTest {
  private static final int WRITES = 4;
  private static final String ACCEPTED = FakeServer.accepted();

  @TempDir private Path folder;
  private final Answers answers = new Answers();

  /** A file without a native library of its own, which is not asked for anything else. */
  private static final class PlainFile implements DatabaseUnderProof {
    @Override
    public String bundle() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> nativeLibrary() {
      return Optional.empty();
    }

    @Override
    public List<String> backends() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void begin(Premises premises) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Outage> outages(NodeUnderProof node) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<DatabaseServer> server() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private enum Other {
    STARTING(FakeServer.reply(503, "", "{\"code\":\"STARTING\"}")),
    INTERNAL(FakeServer.reply(500, "", "{\"code\":\"INTERNAL_ERROR\"}")),
    TOO_MANY(FakeServer.reply(429, "", "{\"code\":\"RATE_LIMITED\"}")),
    CREATED(FakeServer.reply(201, "", "{\"status\":\"accepted\"}")),
    ACCEPTED_BUT_NOT_KEPT(FakeServer.reply(202, "", "{\"status\":\"partial\"}")),
    HANGS_UP(null);

    private final String reply;

    Other(String reply) {
      this.reply = reply;
    }
  }

  /** What a proof says that judges writers whose second write was answered so. */
  private Verdict verdict(Kind kind, String second) throws Exception {
    ProveOptions options =
        ProveOptions.parse(List.of(kind.toString(), "--dist", folder.toString()));
    CountDownLatch written = new CountDownLatch(WRITES);
    Stage stage;
    try (FakeServer server =
            new FakeServer(
                body -> {
                  written.countDown();
                  return written.getCount() == WRITES - 2 ? second : ACCEPTED;
                });
        AckLog log = new AckLog(folder.resolve("log"));
        Load load =
            Load.begin(
                new LoadPlan(1, 1000, 7), KeySequence.random(7), log, answers, server::port);
        PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      // A judgement asks no node.
      stage = new Stage(options, new PlainFile(), null, answers, load, nowhere);
      assertThat(written.await(1, TimeUnit.MINUTES)).as("the writer goes on").isTrue();
    }
    kind.mischief().judge(stage);
    return new Result(
            options,
            answers,
            stage.rounds(),
            stage.figures(),
            Optional.empty(),
            Map.of(),
            stage.faults(),
            stage.unproved())
        .verdict();
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherAnswerIsAFaultOfASwap(Other other) throws Exception {
    assertThat(verdict(Kind.SWAP, other.reply)).isEqualTo(Verdict.FAULT);
    assertThat(answers.others()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherAnswerIsAFaultOfAnOutage(Other other) throws Exception {
    assertThat(verdict(Kind.OUTAGE, other.reply)).isEqualTo(Verdict.FAULT);
  }

  /** A node that was killed answers nobody, and refuses while it starts. */
  @ParameterizedTest
  @EnumSource
  void crashExcusesWhatSaysComeAgain(Other other) throws Exception {
    boolean excused = List.of(Other.STARTING, Other.TOO_MANY, Other.HANGS_UP).contains(other);
    assertThat(verdict(Kind.CRASH, other.reply))
        .isEqualTo(excused ? Verdict.NOT_PROVED : Verdict.FAULT);
  }

  /** A full disk ends no connection. */
  @ParameterizedTest
  @EnumSource
  void fullDiskExcusesRefusalsAlone(Other other) throws Exception {
    boolean excused = List.of(Other.STARTING, Other.TOO_MANY).contains(other);
    assertThat(verdict(Kind.DISKFULL, other.reply))
        .isEqualTo(excused ? Verdict.NOT_PROVED : Verdict.FAULT);
  }

  /** Nothing was compared, so nothing is proved either. */
  @Test
  void acceptedWritesAreNoFault() throws Exception {
    assertThat(verdict(Kind.SWAP, ACCEPTED)).isEqualTo(Verdict.NOT_PROVED);
    assertThat(answers.others()).isEmpty();
  }

  @Test
  void acceptedWritesAreNoFaultOfAnOutage() throws Exception {
    assertThat(verdict(Kind.OUTAGE, ACCEPTED)).isEqualTo(Verdict.NOT_PROVED);
  }
}
