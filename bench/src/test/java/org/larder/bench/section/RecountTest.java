package org.larder.bench.section;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecountTest {
  private static final Map<String, Long> COUNTED = Map.of("completed", 7L, "pending", 3L);

  @Test
  void statisticsThatAgreeHaveNoDifference() throws IOException {
    JsonNode flat = json("{\"total\":10,\"completed\":7,\"pending\":3,\"failed\":0}");
    JsonNode nested = json("{\"total\":10,\"by_status\":{\"completed\":7,\"pending\":3}}");
    assertThat(Recount.differences(flat, COUNTED)).isZero();
    assertThat(Recount.differences(nested, COUNTED)).isZero();
  }

  @Test
  void everyFigureThatIsWrongOrMissingCounts() throws IOException {
    assertThat(Recount.differences(json("{\"total\":11,\"completed\":7}"), COUNTED)).isEqualTo(2);
    assertThat(Recount.differences(json("{}"), COUNTED)).isEqualTo(3);
  }

  private static JsonNode json(String text) throws IOException {
    return new JsonMapper().readTree(text);
  }
}
