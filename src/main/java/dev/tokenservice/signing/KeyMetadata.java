package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the file {@code NAME.json} says of the key in {@code NAME.pem}: a JSON object with the members {@code algorithm},
 * {@code created}, and, once they are decided, {@code activates} and {@code retires}, which are dates of RFC 3339.
 *
 * @param algorithm {@code RS256} or {@code ES256}
 * @param created when the key was made, and published soon after
 * @param activates from when on it signs; empty for a successor whose turn is not known
 * @param retires from when on it signs no more, after {@code activates}
 */
record KeyMetadata(String algorithm, Instant created, Optional<Instant> activates, Optional<Instant> retires) {

    static final String SUFFIX = ".json";

    private static final int MAX_SIZE = 4096;
    private static final Set<String> MEMBERS = Set.of("algorithm", "created", "activates", "retires");

    /** RFC 3339 section 5.6. The formatter of the JDK also takes times without seconds. */
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

    /**
     * Reads a file.
     *
     * @throws UnusableFileException when it is anything else than such an object
     */
    static KeyMetadata read(Path file) {
        String text = RegularFile.text(file, 1);
        if (text.length() > MAX_SIZE) {
            throw new UnusableFileException(file, "is larger than the metadata of any key");
        }
        return of(file, text);
    }

    private static KeyMetadata of(Path file, String text) {
        ObjectNode node = StrictJson.object(text)
                .orElseThrow(() -> new UnusableFileException(file, "is not one JSON object with each member once"));
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new UnusableFileException(
                        file, "has a member that is not known; known are algorithm, created, activates, retires");
            }
        });
        String algorithm = String.valueOf(node.path("algorithm").textValue());
        if (!SigningKey.ALGORITHMS.contains(algorithm)) {
            throw new UnusableFileException(file, "must have the member algorithm, RS256 or ES256");
        }
        Instant created = date(node, "created", file)
                .orElseThrow(() -> new UnusableFileException(file, "must have the member created, a date of RFC 3339"));
        KeyMetadata metadata =
                new KeyMetadata(algorithm, created, date(node, "activates", file), date(node, "retires", file));
        metadata.checkOrder(file);
        return metadata;
    }

    private static Optional<Instant> date(JsonNode node, String member, Path file) {
        JsonNode value = node.get(member);
        if (value == null) {
            return Optional.empty();
        }
        try {
            if (value.isTextual() && DATE.matcher(value.textValue()).matches()) {
                return Optional.of(OffsetDateTime.parse(value.textValue(), DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                        .toInstant());
            }
        } catch (DateTimeException e) {
            // Such as the 30th of February: refused as everything that is not a date.
        }
        throw new UnusableFileException(
                file,
                "has a member " + member + " that is not a date of RFC 3339 with its zone, such as "
                        + "2026-11-02T09:00:00Z");
    }

    private void checkOrder(Path file) {
        if (retires.isPresent()
                && activates.filter(begin -> begin.isBefore(retires.get())).isEmpty()) {
            throw new UnusableFileException(file, "must have activates before retires");
        }
    }

    KeyMetadata activating(Instant time) {
        return new KeyMetadata(algorithm, created, Optional.of(time), retires);
    }

    KeyMetadata retiring(Instant time) {
        return new KeyMetadata(algorithm, created, activates, Optional.of(time));
    }

    byte[] content() {
        ObjectNode node = StrictJson.newObject().put("algorithm", algorithm).put("created", created.toString());
        activates.ifPresent(time -> node.put("activates", time.toString()));
        retires.ifPresent(time -> node.put("retires", time.toString()));
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
