package dev.tokenservice.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A client from the inputs of an audit line. Records reads of attributes that were cut. */
final class RecordedClient {

    private final JsonNode inputs;
    private final Set<String> unknown;
    private final Set<String> cut;
    private final Set<String> missed = new TreeSet<>();

    RecordedClient(JsonNode inputs) {
        this.inputs = inputs;
        this.unknown = new HashSet<>(texts(inputs.path(AuditInputs.UNKNOWN)));
        this.cut = new HashSet<>(texts(inputs.path(AuditInputs.CUT)));
        cut.stream().filter(name -> name.startsWith("request.")).forEach(missed::add);
    }

    ClientFacts facts() {
        return new ClientFacts(this::attribute, Set.copyOf(texts(inputs.path(AuditInputs.TWINS))));
    }

    boolean hasMissed() {
        return !missed.isEmpty();
    }

    /** Returns the cut attributes that were read. */
    String missed() {
        return String.join(", ", missed);
    }

    private Attribute<?> attribute(ClientAttribute attribute) {
        String name = AuditInputs.CLIENT + attribute.key();
        if (cut.contains(name)) {
            missed.add(name);
        }
        if (unknown.contains(name) || cut.contains(name)) {
            return Attribute.unknown();
        }
        JsonNode value = inputs.path(name);
        if (value.isMissingNode()) {
            return Attribute.absent();
        }
        return switch (attribute.kind()) {
            case TEXT -> Attribute.of(value.asText());
            case TEXTS -> Attribute.all(texts(value));
            case TIME -> Attribute.of(Instant.parse(value.asText()));
        };
    }

    static Optional<String> text(JsonNode inputs, String name) {
        return Optional.of(inputs.path(name).asText("")).filter(text -> !text.isEmpty());
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
