package org.larder.rest.internal;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.larder.buffer.BufferControl;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterAmbiguousException;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReplayResult;
import org.larder.rest.LongCalls;
import org.larder.rest.Problem;
import org.larder.rest.ProblemException;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;

/** What backends refused: to be looked at, replayed or discarded. Free for any thread. */
@Path("api/v1/admin/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
public final class DeadLetterResource {
  private static final Duration REPLAY_DEADLINE = Duration.ofSeconds(30);
  private static final int PAGE_DEFAULT = 20;
  private static final int PAGE_MAX = 1_000;
  private static final List<String> NAMING = List.of("collection", "key");
  private static final List<String> CHOOSING = List.of("collection", "key", "sequence");
  private static final List<String> DISCARDING = List.of("collection", "key", "sequence", "yes");
  private static final String DISCARD_WARNING =
      "Discarded letters are gone: their changes will never reach the backend. Repeat with yes=true";

  private final BufferControl buffer;
  private final LongCalls calls;

  DeadLetterResource(BufferControl buffer, LongCalls calls) {
    this.buffer = buffer;
    this.calls = calls;
  }

  @GET
  public Response list(@Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    int size = (int) parameters.integer("page_size", PAGE_DEFAULT, 1, PAGE_MAX);
    long page = parameters.integer("page", 1, 1, Integer.MAX_VALUE);
    LetterFilter filter = filter(parameters);
    List<DeadLetter> found =
        buffer.deadLetters().stream()
            .filter(
                letter -> parameters.text("follower").map(letter.follower()::equals).orElse(true))
            .filter(letter -> parameters.text("code").map(letter.code()::equals).orElse(true))
            .filter(filter::matches)
            .toList();
    List<DeadLetter> shown = found.stream().skip((page - 1) * size).limit(size).toList();
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeNumberField("total", found.size());
          json.writeNumberField("page", page);
          json.writeNumberField("page_size", size);
          json.writeNumberField("total_pages", (found.size() + size - 1) / size);
          json.writeArrayFieldStart("items");
          for (DeadLetter letter : shown) {
            StatusJson.deadLetter(letter, json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static LetterFilter filter(QueryParameters parameters) {
    long sequence = parameters.integer("sequence", -1, 0, Long.MAX_VALUE);
    parameters.check();
    return new LetterFilter(
        parameters.text("collection"),
        parameters.text("key"),
        sequence < 0 ? OptionalLong.empty() : OptionalLong.of(sequence));
  }

  @GET
  @Path("{follower}/{sequence}")
  public Response one(
      @PathParam("follower") String follower,
      @PathParam("sequence") String sequence,
      @Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    parameters.allow(NAMING);
    LetterFilter named = filter(parameters);
    List<DeadLetter> letters =
        buffer.deadLetters().stream()
            .filter(candidate -> candidate.follower().equals(follower))
            .filter(candidate -> Long.toString(candidate.sequence()).equals(sequence))
            .filter(named::matches)
            .toList();
    DeadLetter letter =
        letters.stream().findFirst().orElseThrow(() -> NotFound.deadLetter(follower, sequence));
    try {
      LetterFilter.ofSequence(letter.sequence()).requireOneRecord(letters);
    } catch (LetterAmbiguousException e) {
      throw ambiguous(e, follower);
    }
    return Replies.ok(json -> StatusJson.deadLetterInFull(letter, json));
  }

  @POST
  @Path("{follower}/replay")
  public void replay(
      @PathParam("follower") String follower,
      @Context UriInfo uri,
      @Suspended AsyncResponse reply) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    parameters.allow(CHOOSING);
    LetterFilter filter = filter(parameters);
    calls.run(
        reply,
        () -> {
          try {
            return replayed(follower, buffer.replay(follower, filter, REPLAY_DEADLINE));
          } catch (NoSuchElementException e) {
            throw NotFound.follower(follower);
          } catch (LetterAmbiguousException e) {
            throw ambiguous(e, follower);
          }
        });
  }

  private static ProblemException ambiguous(LetterAmbiguousException thrown, String follower) {
    return Problem.of(409, "DEAD_LETTER_AMBIGUOUS", thrown.getMessage())
        .with("follower", follower)
        .exception();
  }

  private static Response replayed(String follower, ReplayResult result) {
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("follower", follower);
          json.writeNumberField("replayed", result.replayed());
          json.writeNumberField("left", result.left());
          json.writeFieldName("refused");
          if (result.refused().isPresent()) {
            StatusJson.deadLetter(result.refused().get(), json);
          } else {
            json.writeNull();
          }
          json.writeEndObject();
        });
  }

  @DELETE
  @Path("{follower}")
  public Response discard(@PathParam("follower") String follower, @Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    parameters.allow(DISCARDING);
    LetterFilter filter = filter(parameters);
    if (buffer.status().followers().stream().noneMatch(f -> f.name().equals(follower))) {
      throw NotFound.follower(follower);
    }
    if (parameters.oneOf("yes", List.of("true")).isEmpty()) {
      throw Problem.invalid(DISCARD_WARNING).withError("yes", "has to be true").exception();
    }
    try {
      int discarded = buffer.discard(follower, filter);
      return Replies.ok(
          json -> {
            json.writeStartObject();
            json.writeStringField("follower", follower);
            json.writeNumberField("discarded", discarded);
            json.writeEndObject();
          });
    } catch (NoSuchElementException e) {
      throw NotFound.follower(follower);
    } catch (LetterAmbiguousException e) {
      throw ambiguous(e, follower);
    }
  }
}
