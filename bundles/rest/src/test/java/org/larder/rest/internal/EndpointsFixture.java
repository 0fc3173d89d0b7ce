package org.larder.rest.internal;

import org.junit.jupiter.api.AfterEach;
import org.larder.rest.testing.FakeBuffer;
import org.larder.rest.testing.TestServer;
import org.larder.storage.model.CollectionSchema;

/** A server with the system's own endpoints over a buffer in memory, for each test a new one. */
abstract class EndpointsFixture {
  final FakeBuffer buffer;
  final TestServer server;
  private final SystemApplication application;

  EndpointsFixture(CollectionSchema schema) {
    buffer = new FakeBuffer(schema);
    application = new SystemApplication(null, buffer);
    server = new TestServer("/", application);
  }

  /** A collection that has a key and nothing else. */
  static CollectionSchema keysOnly() {
    return CollectionSchema.named("kitchen_notes", 1).key("note_id", 36).build();
  }

  @AfterEach
  final void stop() {
    server.close();
    application.close();
  }
}
