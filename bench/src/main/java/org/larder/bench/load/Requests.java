package org.larder.bench.load;

import java.nio.ByteBuffer;

/** Where a load takes its requests from; called by the load's one thread. */
public interface Requests {

  /** The next request of that lane, ready to be sent; valid until its reply has come. */
  ByteBuffer next(int lane);

  /** Called when the lane's request has been answered as it should. */
  void accepted(int lane);

  /** Items in each request. */
  int items();

  /** Whether a reply is the good one: the whole of the request was taken. */
  boolean isGood(int status, boolean bodySaysAccepted);

  /** The same request again and again, each worth one item, and 200 the good answer. */
  static Requests repeated(byte[] request, int lanes) {
    ByteBuffer[] buffers = new ByteBuffer[lanes];
    for (int i = 0; i < lanes; i++) {
      buffers[i] = ByteBuffer.allocateDirect(request.length).put(request);
    }
    return new Requests() {
      @Override
      public ByteBuffer next(int lane) {
        return buffers[lane].rewind();
      }

      @Override
      public void accepted(int lane) {
        // Nothing to remember.
      }

      @Override
      public int items() {
        return 1;
      }

      @Override
      public boolean isGood(int status, boolean bodySaysAccepted) {
        return status == 200;
      }
    };
  }
}
