package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void traceId_traceparent_isPreferred() {
        assertThat(TraceContext.traceId("00-" + ID + "-00f067aa0ba902b7-00", "0".repeat(31) + "1/1"))
                .contains(ID);
        assertThat(TraceContext.traceId("cc-" + ID + "-00f067aa0ba902b7-01-what-the-future-brings", null))
                .contains(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {ID, ID + "/123", ID + "/123;o=1", ID + ";o=0"})
    void traceId_cloudTraceContext_isUnderstood(String header) {
        assertThat(TraceContext.traceId(null, header)).contains(ID);
        assertThat(TraceContext.traceId("nonsense", header)).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "4bf92f3577b34da6a3ce929d0e0e473/1",
                "4bf92f3577b34da6a3ce929d0e0e4736/x",
                "4bf92f3577b34da6a3ce929d0e0e4736\nforged"
            })
    void traceId_malformed_isNone(String header) {
        assertThat(TraceContext.traceId(header, header)).isEmpty();
    }

    @Test
    void traceId_endless_isNone() {
        assertThat(TraceContext.traceId("00-" + ID + "-00f067aa0ba902b7-01-" + "x".repeat(300), null))
                .isEmpty();
    }
}
