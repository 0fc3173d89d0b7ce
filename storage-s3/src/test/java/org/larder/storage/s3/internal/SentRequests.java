package org.larder.storage.s3.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** The requests that were sent, in order. Free for any thread. */
final class SentRequests implements ExecutionInterceptor {
  private final List<SdkRequest> requests = new CopyOnWriteArrayList<>();

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    requests.add(context.request());
  }

  /** Forgets those that were sent until now. */
  void clear() {
    requests.clear();
  }

  /** What they were: {@code PutObject} for a {@code PutObjectRequest}. */
  List<String> kinds() {
    return requests.stream()
        .map(request -> request.getClass().getSimpleName().replaceFirst("Request$", ""))
        .toList();
  }

  /** Those of one kind. */
  <T extends SdkRequest> List<T> of(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (SdkRequest request : requests) {
      if (kind.isInstance(request)) {
        found.add(kind.cast(request));
      }
    }
    return found;
  }
}
