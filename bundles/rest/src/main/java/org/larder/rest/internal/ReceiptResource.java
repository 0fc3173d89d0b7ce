package org.larder.rest.internal;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.larder.buffer.BufferControl;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.ReceiptState;
import org.larder.rest.Problem;
import org.larder.rest.Replies;

/** What became of an acknowledged request. Free for any thread. */
@Path("api/v1/receipts/{receipt}")
@Produces(MediaType.APPLICATION_JSON)
public final class ReceiptResource {
  private final BufferControl buffer;

  ReceiptResource(BufferControl buffer) {
    this.buffer = buffer;
  }

  @GET
  public Response state(@PathParam("receipt") String receipt) {
    ReceiptState state =
        buffer
            .receipt(receipt)
            .orElseThrow(
                () -> Problem.notFound("RECEIPT_NOT_FOUND", "receipt", receipt).exception());
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("receipt", receipt);
          json.writeStringField("state", state.state().wireName());
          json.writeNumberField("count", state.count());
          json.writeArrayFieldStart("dead_letters");
          for (DeadLetter letter : state.deadLetters()) {
            StatusJson.deadLetter(letter, json);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("duplicates");
          for (String key : state.duplicates()) {
            json.writeString(key);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
