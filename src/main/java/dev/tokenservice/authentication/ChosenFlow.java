package dev.tokenservice.authentication;

import dev.tokenservice.oauth.RefusedException;
import java.util.function.Supplier;

/** The flow of a request, or why it has none. Immutable. */
public final class ChosenFlow {

    private final IncomingRequest request;
    private final Verification verification;
    private final boolean ofProxy;
    private final Supplier<Flow> flow;

    private ChosenFlow(IncomingRequest request, Verification verification, boolean ofProxy, Supplier<Flow> flow) {
        this.request = request;
        this.verification = verification;
        this.ofProxy = ofProxy;
        this.flow = flow;
    }

    static ChosenFlow ofProxy(IncomingRequest request, Verification verification, Flow flow) {
        return new ChosenFlow(request, verification, true, () -> flow);
    }

    static ChosenFlow ofTls(IncomingRequest request, Verification verification, Flow flow) {
        return new ChosenFlow(request, verification, false, () -> flow);
    }

    static ChosenFlow none(IncomingRequest request, Verification verification, RefusedException refused) {
        return new ChosenFlow(request, verification, false, () -> {
            throw refused;
        });
    }

    /** Returns whether the request comes from a proxy that has proven to be one. */
    public boolean isOfProxy() {
        return ofProxy;
    }

    IncomingRequest request() {
        return request;
    }

    /** With the policy that the proof of the proxy was judged by: no request sees half of a new one. */
    Verification verification() {
        return verification;
    }

    /**
     * Returns the flow.
     *
     * @throws RefusedException {@code invalid_client} when nothing that is said about certificates here may be believed
     */
    Flow flow() {
        return flow.get();
    }
}
