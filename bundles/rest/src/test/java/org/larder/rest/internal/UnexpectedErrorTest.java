package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.junit.jupiter.api.Test;
import org.larder.rest.RestApplication;
import org.larder.rest.testing.Reply;
import org.larder.rest.testing.TestServer;

class UnexpectedErrorTest {
  /** Fails in a way that nobody foresaw. */
  @Path("broken")
  public static final class Broken {
    @GET
    public String get(@QueryParam("length") int length) {
      return switch (length) {
        case 0 -> throw new IllegalStateException("SELECT secret FROM /etc/passwd");
        default -> "x".repeat(length);
      };
    }
  }

  private static final class BrokenApplication extends RestApplication {
    BrokenApplication() {
      serve(new Broken());
    }
  }

  @Test
  void clientLearnsNothingOfTheInside() {
    try (TestServer server = new TestServer("/", new BrokenApplication())) {
      Reply reply = server.get("/broken");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(reply.json().get("code").asText()).isEqualTo("INTERNAL_ERROR");
      assertThat(reply.text()).doesNotContain("SELECT", "passwd", "Exception");
    }
  }
}
