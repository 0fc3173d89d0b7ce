package org.larder.rest.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.rest.RestApplication;

class OpenApiCheckTest {
  private static final String PROBLEM =
      "\"components\":{\"schemas\":{\"Problem\":{\"type\":\"object\",\"required\":[\"code\"]}}}";

  /** Promises an integer from 1 on, and may do something else. */
  @Path("")
  public static final class Promise {
    private final String value;
    private final String reference;

    Promise(String value, String reference) {
      this.value = value;
      this.reference = reference;
    }

    @GET
    @Path("openapi.json")
    @Produces("application/json")
    public String document() {
      return """
          {"openapi":"3.1.0","info":{"title":"t","version":"1"},"tags":[],"paths":{"/value":{"get":{
           "operationId":"value","summary":"s","parameters":[
             {"name":"least","in":"query","schema":{"type":"integer","minimum":1}}],
           "responses":{"200":{"description":"d","content":{"application/json":{"schema":
             {"type":"object","required":["n"],"properties":{"n":{"$ref":"%s"}}}}}}}}}},
           %s}
          """
          .formatted(
              reference,
              PROBLEM.replace("{\"Problem\"", "{\"N\":{\"type\":\"integer\"},\"Problem\""));
    }

    @GET
    @Path("value")
    @Produces("application/json")
    public String value(@QueryParam("least") String least) {
      return value;
    }
  }

  private static final class PromiseApplication extends RestApplication {
    PromiseApplication(Promise promise) {
      serve(promise);
    }
  }

  private static List<String> failures(String value, String reference) {
    PromiseApplication application = new PromiseApplication(new Promise(value, reference));
    try (TestServer server = new TestServer("/", application)) {
      return OpenApiCheck.check(server.uri("/")).failures();
    }
  }

  @Test
  void replyThatBreaksItsSchemaIsFound() {
    assertThat(failures("{\"n\":\"one\"}", "#/components/schemas/N"))
        .anyMatch(failure -> failure.contains("does not fit its schema"));
    assertThat(failures("{}", "#/components/schemas/N"))
        .anyMatch(failure -> failure.contains("does not fit its schema"));
  }

  @Test
  void parameterThatIsNotCheckedIsFound() {
    assertThat(failures("{\"n\":1}", "#/components/schemas/N"))
        .isNotEmpty()
        .allMatch(failure -> failure.contains("and not 422"));
  }

  @Test
  void referenceThatLeadsNowhereIsFound() {
    assertThat(failures("{\"n\":1}", "#/components/schemas/M"))
        .containsExactly("The document refers to #/components/schemas/M, which it does not have");
  }
}
