package org.larder.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplyParserTest {
  private static final String FIXED =
      "HTTP/1.1 202 Accepted\r\ncontent-LENGTH: 5\r\nRetry-After: 7\r\n\r\nhello";
  private static final String CHUNKED =
      """
      HTTP/1.1 200 OK\r
      Transfer-Encoding: chunked\r
      \r
      4;name=value\r
      wiki\r
      B\r
      pedia is on\r
      0\r
      Trailer: x\r
      \r
      """;

  @Test
  void replyIsTheSameHoweverItIsCut() throws ProtocolException {
    for (String reply : new String[] {FIXED, CHUNKED}) {
      byte[] bytes = reply.getBytes(StandardCharsets.US_ASCII);
      for (int cut = 0; cut < bytes.length; cut++) {
        ReplyParser parser = new ReplyParser();
        assertThat(parser.accept(ByteBuffer.wrap(bytes, 0, cut))).isFalse();
        assertThat(parser.accept(ByteBuffer.wrap(bytes, cut, bytes.length - cut))).isTrue();
        assertThat(new String(parser.body(), StandardCharsets.US_ASCII))
            .isEqualTo(reply.equals(FIXED) ? "hello" : "wikipedia is on");
      }
    }
  }

  @Test
  void nextReplyStaysInTheBuffer() throws ProtocolException {
    ReplyParser parser = new ReplyParser();
    ByteBuffer both = ByteBuffer.wrap((FIXED + CHUNKED).getBytes(StandardCharsets.US_ASCII));
    assertThat(parser.accept(both)).isTrue();
    assertThat(parser.status()).isEqualTo(202);
    assertThat(parser.retryAfterSeconds()).isEqualTo(7);
    parser.reset();
    assertThat(parser.accept(both)).isTrue();
    assertThat(parser.status()).isEqualTo(200);
    assertThat(parser.retryAfterSeconds()).isZero();
    assertThat(both.hasRemaining()).isFalse();
  }

  @Test
  void interimReplyAndEmptyBodiesAreUnderstood() throws ProtocolException {
    ReplyParser parser = new ReplyParser();
    ByteBuffer bytes =
        ByteBuffer.wrap(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(parser.accept(bytes)).isTrue();
    assertThat(parser.status()).isEqualTo(204);
    assertThat(parser.isClosing()).isTrue();
    parser.reset();
    assertThat(
            parser.accept(
                ByteBuffer.wrap(
                    "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII))))
        .isTrue();
    assertThat(parser.isClosing()).isFalse();
  }

  @Test
  void whatIsNotAReplyIsRefused() {
    for (String text :
        new String[] {
          "SSH-2.0-OpenSSH\r\n",
          "HTTP/1.1 2x2 OK\r\n",
          "HTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: many\r\n"
        }) {
      assertThatThrownBy(
              () ->
                  new ReplyParser()
                      .accept(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void textIsLookedForOnlyAtTheBeginningOfTheBody() throws ProtocolException {
    ReplyParser parser = new ReplyParser();
    parser.accept(ByteBuffer.wrap(FIXED.getBytes(StandardCharsets.US_ASCII)));
    assertThat(parser.bodyBegins(bytes("ell"), 4)).isTrue();
    assertThat(parser.bodyBegins(bytes("ell"), 3)).isFalse();
    assertThat(parser.bodyBegins(bytes("hello, world"), 100)).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
