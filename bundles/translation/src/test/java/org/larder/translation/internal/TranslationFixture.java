package org.larder.translation.internal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.larder.rest.testing.FakeBuffer;
import org.larder.rest.testing.Reply;
import org.larder.rest.testing.TestServer;

/** The whole application over a buffer in memory. */
abstract class TranslationFixture {
  static final String BASE = "/api/v1/translation";

  FakeBuffer buffer;
  TestServer server;
  private TranslationApplication application;

  @BeforeEach
  void startServer() {
    buffer = new FakeBuffer(Sessions.SCHEMA, Tasks.SCHEMA);
    application = new TranslationApplication(buffer, buffer, buffer);
    server = new TestServer(BASE, application);
  }

  @AfterEach
  void stopServer() {
    application.close();
    server.close();
  }

  Reply get(String path, String... headers) {
    return server.get(BASE + path, headers);
  }

  Reply post(String path, String json, String... headers) {
    return server.post(BASE + path, json, headers);
  }

  /** Stores sessions; further members are given as JSON. */
  void store(String... sessions) {
    post("/sessions/batch", "{\"sessions\":[" + String.join(",", sessions) + "]}");
    buffer.drain();
  }

  /** Stores tasks. */
  void storeTasks(String... tasks) {
    post("/tasks/batch", "{\"tasks\":[" + String.join(",", tasks) + "]}");
    buffer.drain();
  }

  static String session(String id, String status, String more) {
    return """
        {"session_id":"%s","filename":"a.xlsx","file_path":"/in/a.xlsx","status":"%s",\
        "llm_provider":"openai"%s}"""
        .formatted(id, status, more);
  }

  static String task(String id, String session, int row, String status, String more) {
    return """
        {"task_id":"%s","session_id":"%s","batch_id":"b1","sheet_name":"Sheet1","row_index":%d,\
        "column_name":"text","source_text":"Hello","status":"%s"%s}"""
        .formatted(id, session, row, status, more);
  }
}
