package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/** A store that has a collection already. */
class CatalogTest {
  private static final Field CELSIUS = Field.of("celsius", FieldType.FLOAT64, 0);
  private static final Field FAHRENHEIT = Field.of("fahrenheit", FieldType.FLOAT64, 0);
  private static final Field PLACE = Field.text("place");

  private final Catalog catalog = new Catalog(PlainDialect.make());
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE _collection (definition BLOB)");
      statement.execute(
          "CREATE TABLE readings (id TEXT, celsius REAL, fahrenheit REAL, _version INTEGER)");
    }
    try (PreparedStatement note =
        connection.prepareStatement("INSERT INTO _collection VALUES (?)")) {
      note.setBytes(1, SchemaCodec.encode(readings(2, CELSIUS, FAHRENHEIT)));
      note.executeUpdate();
    }
    catalog.load(connection);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static CollectionSchema readings(int version, Field... fields) {
    CollectionSchema.Builder schema = CollectionSchema.named("readings", version).key("id", 20);
    for (Field field : fields) {
      schema.field(field);
    }
    return schema.build();
  }

  /** Rows are written by their fields' places: Fahrenheit would be read as Celsius. */
  @Test
  void schemaOfAnotherOriginIsRefused() {
    for (CollectionSchema other :
        List.of(
            readings(2, FAHRENHEIT, CELSIUS),
            readings(1, FAHRENHEIT),
            readings(1, Field.text("celsius")),
            readings(2, CELSIUS, FAHRENHEIT, PLACE))) {
      assertThatThrownBy(() -> catalog.ensure(connection, other))
          .as("%s %s", other, other.fields())
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> {
                assertThat(e.severity()).isEqualTo(StorageException.Severity.HALT);
                assertThat(e.code()).isEqualTo("SCHEMA_CONFLICT");
              });
    }
  }

  @Test
  void sameAndOlderSchemasAreTaken() throws SQLException {
    CollectionSchema stored = readings(2, CELSIUS, FAHRENHEIT);
    catalog.ensure(connection, stored);
    catalog.ensure(connection, readings(1, CELSIUS));
    assertThat(catalog.require(readings(1, CELSIUS))).isEqualTo(stored);
  }
}
