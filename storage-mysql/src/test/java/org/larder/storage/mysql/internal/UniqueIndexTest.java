package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.WriteResult;

/** A unique index that the owner of the database adds refuses rows; the store goes on. */
class UniqueIndexTest {
  private static final String IN_THE_WAY = "another row has its place in a unique index";

  private final Database database = new Database();
  private Host host;

  @BeforeEach
  void addIndex() throws SQLException {
    host = new Host(database.backend());
    host.attach();
    host.put(Host.note("a", "round", 1L), Host.note("b", "round", 2L));
    database.execute(
        "ALTER TABLE " + database.name + ".notes ADD UNIQUE INDEX one_a_round (round)");
  }

  @AfterEach
  void drop() throws SQLException {
    host.close();
    database.close();
  }

  /** The server does not say which row it was, so the host has to find it. */
  private void assertRefused(String reason, Mutation.Kind kind, Row... rows) throws SQLException {
    String before = contents();
    WriteResult result = host.backend.write(host.batch(kind, List.of(rows), Duration.ofMinutes(1)));
    assertThat(result)
        .isInstanceOfSatisfying(
            WriteResult.Refused.class,
            refused -> {
              assertThat(refused.collection()).isEqualTo("notes");
              assertThat(refused.index()).isEqualTo(WriteResult.Refused.UNKNOWN_INDEX);
              assertThat(refused.code()).isEqualTo("REFUSED");
              assertThat(refused.reason()).contains(reason);
            });
    assertThat(contents()).isEqualTo(before);
  }

  private String contents() throws SQLException {
    return database.text(
        "SELECT GROUP_CONCAT(CONCAT(note_id, ' ', round) ORDER BY note_id) FROM notes");
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT", "MERGE"})
  void rowThatTakesTheValueOfAnotherIsRefused(Mutation.Kind kind) throws SQLException {
    assertRefused("one_a_round", kind, Host.note("b", "round", 1L));
    host.put(Host.note("b", "round", 3L));
    assertThat(contents()).isEqualTo("a 1,b 3");
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT", "MERGE", "INSERT"})
  void newRowWithTheValueOfAnotherIsRefusedAndTheOtherIsLeftAlone(Mutation.Kind kind)
      throws SQLException {
    assertRefused(IN_THE_WAY, kind, Host.note("c", "round", 1L));
    Row[] many =
        IntStream.range(0, 100)
            .mapToObj(i -> Host.note("m" + i, "round", i == 50 ? 2L : 100L + i))
            .toArray(Row[]::new);
    assertRefused(IN_THE_WAY, kind, many);
    host.put(Host.note("c", "round", 3L));
    assertThat(contents()).isEqualTo("a 1,b 2,c 3");
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT", "MERGE", "INSERT"})
  void twoNewRowsOfOneValueAreRefusedAndNeitherIsIn(Mutation.Kind kind) throws SQLException {
    assertRefused(IN_THE_WAY, kind, Host.note("c", "round", 3L), Host.note("d", "round", 3L));
    host.put(Host.note("c", "round", 3L), Host.note("d", "round", 4L));
    assertThat(contents()).isEqualTo("a 1,b 2,c 3,d 4");
  }

  /** An insert whose key is there writes nothing, and so takes no other row's value. */
  @Test
  void insertOfAKeyThatIsThereLeavesBothRowsAlone() throws SQLException {
    host.commit(
        host.batch(
            Mutation.Kind.INSERT, List.of(Host.note("b", "round", 1L)), Duration.ofMinutes(1)));
    assertThat(contents()).isEqualTo("a 1,b 2");
  }
}
