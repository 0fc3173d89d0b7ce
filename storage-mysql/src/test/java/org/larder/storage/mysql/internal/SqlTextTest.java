package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.ClientPreparedStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.larder.storage.jdbc.Shape;
import org.larder.storage.jdbc.Upsert;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.StorageException;

/** The statements, for the server that the tests have and for the one that they have not. */
class SqlTextTest {
  private static final CollectionSchema JOBS =
      CollectionSchema.named("jobs", 1)
          .key("id", 36)
          .field(Field.string("status", 20))
          .field(Field.int64("total").withDefault(0L).merging(MergeRule.MAX))
          .field(Field.instant("created_at").merging(MergeRule.KEEP))
          .build();

  private static final MysqlDialect MYSQL = new MysqlDialect(ServerKind.MYSQL);
  private static final MysqlDialect MARIADB = new MysqlDialect(ServerKind.MARIADB);

  private static Upsert upsert(MysqlDialect dialect, Mutation.Kind kind, boolean belowDefault) {
    return dialect.upsert(new Shape(kind, JOBS, JOBS, belowDefault, 0b1111, 0, 0, 0));
  }

  private static String sameKey(String carried) {
    return "`id` = CASE WHEN `jobs`.`id` = "
        + carried
        + " THEN `jobs`.`id`"
        + " ELSE CAST(CONCAT('another row has its place in a unique index: ', "
        + carried
        + ") AS SIGNED) END";
  }

  @Test
  void mergeNamesTheNewRowInMysql() {
    assertThat(upsert(MYSQL, Mutation.Kind.MERGE, false).sql())
        .isEqualTo(
            "INSERT INTO `jobs` (`id`, `status`, `total`, `created_at`, `_version`)"
                + " VALUES (?, ?, ?, ?, ?) AS `_new` ON DUPLICATE KEY UPDATE "
                + sameKey("`_new`.`id`")
                + ", `status` = `_new`.`status`,"
                + " `total` = CASE WHEN `jobs`.`total` IS NULL OR `_new`.`total` > `jobs`.`total`"
                + " THEN `_new`.`total` ELSE `jobs`.`total` END,"
                + " `created_at` = COALESCE(`jobs`.`created_at`, `_new`.`created_at`),"
                + " `_version` = `_new`.`_version`");
  }

  @Test
  void mergeAsksForValuesInMariaDb() {
    assertThat(upsert(MARIADB, Mutation.Kind.MERGE, false).sql())
        .contains(
            " VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
                + sameKey("VALUES(`id`)")
                + ", `status` = VALUES(`status`),")
        .doesNotContain("_new");
  }

  @Test
  void insertLeavesTheRowThatIsThereAsItIs() {
    assertThat(upsert(MYSQL, Mutation.Kind.INSERT, false).sql())
        .endsWith(" AS `_new` ON DUPLICATE KEY UPDATE " + sameKey("`_new`.`id`"));
    assertThat(upsert(MARIADB, Mutation.Kind.INSERT, false).sql())
        .endsWith(") ON DUPLICATE KEY UPDATE " + sameKey("VALUES(`id`)"));
  }

  @Test
  void lessThanADefaultIsComparedAsItCame() {
    Upsert upsert = upsert(MYSQL, Mutation.Kind.MERGE, true);
    assertThat(upsert.sql())
        .contains(
            "`total` = CASE WHEN `jobs`.`total` IS NULL OR ? > `jobs`.`total` THEN ? ELSE `jobs`.`total` END");
    assertThat(upsert.places())
        .hasSize(7)
        .endsWith(
            Upsert.Place.VERSION,
            new Upsert.Place(2, Upsert.Source.CARRIED),
            new Upsert.Place(2, Upsert.Source.CARRIED));
  }

  @Test
  void blockHasTheValuesOfEachRow() {
    Shape merge = new Shape(Mutation.Kind.MERGE, JOBS, JOBS, false, 0b1111, 0, 0, 0);
    Upsert block = DuplicateKeyUpsert.of(MARIADB, merge, 3).orElseThrow();
    assertThat(block.sql())
        .contains(
            " VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE ");
    assertThat(block.places()).isEqualTo(MARIADB.upsert(merge).places());
  }

  /** A parameter behind the values belongs to one row. */
  @Test
  void blockIsNotMadeWhereRowsAreComparedAsTheyCame() {
    Shape below = new Shape(Mutation.Kind.MERGE, JOBS, JOBS, true, 0b1111, 0, 0, 0);
    assertThat(MYSQL.block(below)).isEmpty();
  }

  /** Otherwise each row would be a statement of its own, at a tenth of the speed. */
  @Test
  void driverMakesOneStatementOfManyRows() throws SQLException {
    try (Database database = new Database();
        Connection connection = database.connect()) {
      for (MysqlDialect dialect : new MysqlDialect[] {MYSQL, MARIADB}) {
        for (Mutation.Kind kind :
            new Mutation.Kind[] {Mutation.Kind.MERGE, Mutation.Kind.PUT, Mutation.Kind.INSERT}) {
          String sql = upsert(dialect, kind, false).sql();
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            assertThat(
                    statement
                        .unwrap(ClientPreparedStatement.class)
                        .getQueryInfo()
                        .isRewritableWithMultiValuesClause())
                .as(sql)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void longIndexIsCutToWhatTheDatabaseTakes() {
    CollectionSchema schema =
        CollectionSchema.named("long_ones", 1)
            .key("id", 255)
            .field(Field.string("a", 1024))
            .field(Field.string("b", 400))
            .field(Field.text("c"))
            .field(Field.int64("d"))
            .build();
    assertThat(MYSQL.createIndex(schema, Index.on("a"))).contains("(`a`(191), `id`)");
    assertThat(MYSQL.createIndex(schema, Index.on("d").including("b", "c")))
        .contains("(`d`, `id`, `b`)");
    assertThat(MYSQL.createIndex(schema, Index.on("a", "b", "c"))).contains("`c`(191)");
  }

  @Test
  void nameOfAnIndexIsNeverTooLong() {
    String first = "x".repeat(60);
    Index index = Index.on(first, "y".repeat(60));
    assertThat(MYSQL.indexName(JOBS, index)).hasSize(64).isNotEqualTo(index.name());
    assertThat(MYSQL.indexName(JOBS, Index.on("primary"))).isNotEqualTo("primary");
    assertThat(MYSQL.indexName(JOBS, Index.on("status"))).isEqualTo("status");
  }

  @Test
  void manyStringsDoNotOutgrowARow() {
    CollectionSchema.Builder builder = CollectionSchema.named("wide", 1).key("id", 40);
    for (int i = 0; i < 200; i++) {
      builder.field(Field.string("s" + i, i % 2 == 0 ? 60 : 1024));
    }
    CollectionSchema schema = builder.build();
    assertThat(MYSQL.columnType(schema, schema.field(1))).isEqualTo("VARCHAR(60)");
    assertThat(MYSQL.columnType(schema, schema.field(199))).isEqualTo("TEXT");
  }

  @Test
  void serverThatIsTooOldIsRefused() {
    assertThat(ServerKind.of("9.1.0")).isEqualTo(ServerKind.MYSQL);
    assertThat(ServerKind.of("8.4.3-0ubuntu0.24.04.1")).isEqualTo(ServerKind.MYSQL);
    assertThat(ServerKind.of("10.11.6-MariaDB-0+deb12u1-log")).isEqualTo(ServerKind.MARIADB);
    assertThatThrownBy(() -> ServerKind.of("5.7.44")).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> ServerKind.of("10.5.1-MariaDB"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("10.5.1-MariaDB");
  }
}
