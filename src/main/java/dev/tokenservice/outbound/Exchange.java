package dev.tokenservice.outbound;

import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/** A request that is to be answered before a deadline. */
final class Exchange {

    private final HttpUriRequestBase request;
    private final long end;

    Exchange(HttpUriRequestBase request, long millis) {
        this.request = request;
        this.end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    boolean isLate() {
        return System.nanoTime() - end >= 0;
    }

    void cancel() {
        request.cancel();
    }
}
