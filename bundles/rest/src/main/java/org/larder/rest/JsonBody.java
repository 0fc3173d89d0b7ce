package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A reply that writes itself as one JSON value, straight into the response. What can fail should be
 * done before: an exception here comes after the status line and cuts the reply off.
 */
@FunctionalInterface
public interface JsonBody {
  /** Writes exactly one JSON value. */
  void write(JsonGenerator json) throws IOException;
}
