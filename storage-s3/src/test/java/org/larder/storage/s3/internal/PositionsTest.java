package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;
import static org.larder.tck.Samples.COUNTERS;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.merge;
import static org.larder.tck.Samples.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.StorageBackend;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What becomes of a position that is kept once a second, when things end in between. */
class PositionsTest {
  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  private final S3Settings settings = S3.server().settings(S3.newPrefix());
  private final SetClock clock = new SetClock("2026-11-21T10:00:00Z");
  private final UUID journal = UUID.randomUUID();
  private final List<S3Backend> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(S3Backend::close);
  }

  private RecordWriter open(ExecutionInterceptor... interceptors) {
    S3Backend backend = S3.backend(settings, clock, interceptors);
    opened.add(backend);
    return new RecordWriter(backend, journal);
  }

  private RecordWriter attached(ExecutionInterceptor... interceptors) {
    RecordWriter writer = open(interceptors);
    writer.attach(OptionalLong.empty());
    return writer;
  }

  private static void sync(RecordWriter writer) {
    writer.backend().sync(RecordWriter.FOLLOWER, 0);
  }

  private static void write(RecordWriter writer, long from) {
    writer.write(from, from + 1, COUNTERS, merge(COUNTERS, from, "a", "total", from));
  }

  private long whereANewProcessBegins() {
    return open().attach(OptionalLong.empty());
  }

  private void attachUnder(long epoch, StorageBackend backend) {
    backend.attach(
        new Attachment(
            RecordWriter.FOLLOWER, 0, journal, epoch, Optional.empty(), OptionalLong.empty()));
  }

  @Test
  void batchIsOneRequest() {
    SentRequests sent = new SentRequests();
    RecordWriter writer = attached(sent);
    write(writer, 0);
    sent.clear();
    for (int i = 1; i < 10; i++) {
      write(writer, i);
    }
    assertThat(sent.kinds()).hasSize(9).containsOnly("PutObject");
  }

  @Test
  void crashCostsAtMostASecondOfWriting() {
    RecordWriter writer = attached();
    write(writer, 0);
    write(writer, 1);
    assertThat(whereANewProcessBegins()).isZero();

    RecordWriter second = attached();
    write(second, 0);
    clock.goOn(Duration.ofSeconds(1));
    write(second, 1);
    write(second, 2);
    assertThat(whereANewProcessBegins()).isEqualTo(2);
  }

  /** The batches come again in other bounds, as the host's backlog has grown. */
  @Test
  void whatComesAgainAfterACrashComesToTheSame() {
    RecordWriter crashed = attached();
    crashed.write(0, 1, COUNTERS, merge(COUNTERS, 0, "a", "total", 9L, "label", "first"));
    crashed.write(1, 2, COUNTERS, put(COUNTERS, 1, "b", "total", 1L));
    crashed.write(2, 3, COUNTERS, merge(COUNTERS, 2, "a", "total", 5L));

    RecordWriter next = attached();
    next.write(
        0,
        4,
        COUNTERS,
        merge(COUNTERS, 2, "a", "total", 9L, "label", "first"),
        merge(COUNTERS, 3, "b", "total", 2L));
    assertThat(next.rows(COUNTERS)).extracting(row -> row.value("total")).containsExactly(9L, 2L);
    assertThat(next.rows(COUNTERS)).extracting(row -> row.version()).containsExactly(2L, 3L);
  }

  /** The journal was set back, and the store with it by somebody who knows that. */
  @Test
  void whatComesAfterAStepBackInTheJournalWins() {
    RecordWriter writer = open();
    writer.attach(OptionalLong.of(800));
    writer.write(800, 801, COUNTERS, put(COUNTERS, 800, "a", "total", 1L));
    writer.write(801, 802, COUNTERS, put(COUNTERS, 801, "b", "total", 1L));
    writer.attach(OptionalLong.of(500));
    writer.write(500, 501, COUNTERS, put(COUNTERS, 500, "a", "total", 2L));
    sync(writer);
    RecordWriter next = attached();
    next.write(501, 502, COUNTERS, delete(COUNTERS, 501, "b"));
    assertThat(next.rows(COUNTERS)).extracting(row -> row.value("total")).containsExactly(2L);
  }

  @Test
  void syncedPositionSurvivesACrash() {
    RecordWriter writer = attached();
    write(writer, 0);
    sync(writer);
    assertThat(whereANewProcessBegins()).isEqualTo(1);
  }

  @Test
  void closeKeepsThePosition() {
    RecordWriter writer = attached();
    write(writer, 0);
    opened.get(0).close();
    assertThat(whereANewProcessBegins()).isEqualTo(1);
    Failures.of(
        RETRY,
        "STOPPING",
        () -> writer.backend().write(writer.batch(1, 2, THINGS, put(THINGS, 1, "late"))));
  }

  @Test
  void zombieThatClosesLateSetsNothingBack() {
    RecordWriter zombie = attached();
    write(zombie, 0);
    RecordWriter writer = attached();
    for (int i = 0; i < 4; i++) {
      write(writer, i);
    }
    sync(writer);
    opened.get(0).close();
    assertThat(whereANewProcessBegins()).isEqualTo(4);
  }

  /** Until it finds out, what it writes is what the other writes as well. */
  @Test
  void writerOfALowerEpochIsFencedWithinASecond() {
    RecordWriter old = attached();
    write(old, 0);
    RecordWriter other = open();
    attachUnder(2, other.backend());
    clock.goOn(Duration.ofSeconds(1));
    Failures.of(RETRY, "POSITION_MOVED", () -> write(old, 1));
    Failures.of(FENCED, "FENCED", () -> write(old, 1));
    Failures.of(FENCED, "FENCED", () -> write(old, 2));
    attachUnder(2, other.backend());
  }

  /** Loses the answer to the next request that keeps a position. */
  private static final class LostAnswer implements ExecutionInterceptor {
    private boolean armed;

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      if (armed
          && context.request() instanceof PutObjectRequest put
          && put.key().contains("/state/position-")) {
        armed = false;
        throw SdkClientException.create("The network went away");
      }
    }
  }

  @Test
  void lostAnswerToAKeptPositionIsNobodyElse() {
    LostAnswer lost = new LostAnswer();
    RecordWriter writer = attached(lost);
    write(writer, 0);
    lost.armed = true;
    Failures.of(RETRY, "STORE_UNAVAILABLE", () -> sync(writer));
    write(writer, 1);
    sync(writer);
    assertThat(whereANewProcessBegins()).isEqualTo(2);
  }

  /** Lets another node in just before the identity is kept. */
  private static final class Overtaken implements ExecutionInterceptor {
    private Runnable other = () -> {};

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (context.request() instanceof PutObjectRequest put
          && put.key().endsWith("/state/store_id")) {
        other.run();
        other = () -> {};
      }
    }
  }

  @Test
  void ofTwoNodesOneClaimsTheBucket() {
    Overtaken overtaken = new Overtaken();
    StorageBackend late = open(overtaken).backend();
    Attachment attachment =
        new Attachment("late", 0, journal, 1, Optional.empty(), OptionalLong.empty());
    overtaken.other = this::attached;
    Failures.of(RETRY, "POSITION_MOVED", () -> late.attach(attachment));
    UUID store = late.attach(attachment).storeId();
    Attachment other =
        new Attachment("other", 0, journal, 1, Optional.of(store), OptionalLong.empty());
    assertThat(open().backend().attach(other).storeId()).isEqualTo(store);
    Attachment wrong =
        new Attachment(
            "wrong", 0, journal, 1, Optional.of(UUID.randomUUID()), OptionalLong.empty());
    Failures.of(HALT, "DIFFERENT_STORE", () -> open().backend().attach(wrong));
  }

  /** Takes conditions and does not heed them. */
  private static final class Heedless implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().toBuilder()
          .removeHeader("If-None-Match")
          .removeHeader("If-Match")
          .build();
    }
  }

  /** Refuses conditions. */
  private static final class Unknowing implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      if (context.request() instanceof PutObjectRequest put
          && (put.ifNoneMatch() != null || put.ifMatch() != null)) {
        throw S3Exception.builder()
            .statusCode(501)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("NotImplemented").build())
            .build();
      }
    }
  }

  @Test
  void serverWithoutConditionsIsUsedWithoutThem() {
    for (ExecutionInterceptor server :
        List.<ExecutionInterceptor>of(new Heedless(), new Unknowing())) {
      S3Settings place = S3.server().settings(S3.newPrefix());
      for (int time = 0; time < 2; time++) {
        try (S3Backend backend = S3.backend(place, clock, server)) {
          RecordWriter writer = new RecordWriter(backend, journal);
          assertThat(writer.attach(OptionalLong.empty())).isEqualTo(2L * time);
          write(writer, 2L * time);
          write(writer, 2L * time + 1);
        }
      }
    }
  }
}
