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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The content of the file {@code NAME.json} beside the key {@code NAME.pem}. It is a JSON object with the members {@code
 * algorithm} and {@code created}, and later {@code activates}, {@code retires} and {@code confirmed}. Times are in the form
 * of RFC 3339. {@code confirmed} has a time for each name of a relying party.
 *
 * @param algorithm {@code RS256} or {@code ES256}
 * @param created when the key was created; it is published soon afterwards
 * @param activates when it starts to sign; empty for a successor without a decided time
 * @param retires when it stops signing; later than {@code activates}
 * @param confirmed when relying parties with uploaded keys were confirmed to hold it, by name
 */
record KeyMetadata(
        String algorithm,
        Instant created,
        Optional<Instant> activates,
        Optional<Instant> retires,
        SortedMap<String, Instant> confirmed) {

    static final String SUFFIX = ".json";

    /** The largest number of confirmations of a key. A policy allows as many relying parties with uploaded keys. */
    static final int MOST_CONFIRMED = 100;

    private static final String CONFIRMED = "confirmed";
    private static final int MAX_SIZE = 16 * 1024;
    private static final List<String> MEMBERS = List.of("algorithm", "created", "activates", "retires", CONFIRMED);

    /** The name of a relying party. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    /** RFC 3339 section 5.6. The formatter of the JDK also takes times without seconds. */
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

    KeyMetadata {
        confirmed = Collections.unmodifiableSortedMap(new TreeMap<>(confirmed));
    }

    /** Returns metadata of a new key. Without {@code activates}, the key waits for a rotation. */
    static KeyMetadata of(String algorithm, Instant created, Optional<Instant> activates) {
        return new KeyMetadata(algorithm, created, activates, Optional.empty(), Collections.emptySortedMap());
    }

    /** Returns whether a policy accepts this name of a relying party. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a file of at most 16 KiB.
     *
     * @throws UnusableFileException if it is not such an object, or has unknown members
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
                        file, "has an unknown member; the known members are " + String.join(", ", MEMBERS));
            }
        });
        String algorithm = String.valueOf(node.path("algorithm").textValue());
        if (!SigningKey.ALGORITHMS.contains(algorithm)) {
            throw new UnusableFileException(file, "must have the member algorithm, RS256 or ES256");
        }
        Instant created = date(node, "created", file)
                .orElseThrow(() -> new UnusableFileException(file, "must have the member created, a date of RFC 3339"));
        KeyMetadata metadata = new KeyMetadata(
                algorithm,
                created,
                date(node, "activates", file),
                date(node, "retires", file),
                confirmed(node.path(CONFIRMED), file));
        metadata.checkOrder(file);
        return metadata;
    }

    private static SortedMap<String, Instant> confirmed(JsonNode node, Path file) {
        SortedMap<String, Instant> confirmed = new TreeMap<>();
        if (node.isMissingNode()) {
            return confirmed;
        }
        boolean named = node.properties().stream().allMatch(member -> isName(member.getKey()));
        if (!node.isObject() || !named || node.size() > MOST_CONFIRMED) {
            throw new UnusableFileException(
                    file,
                    "has a member confirmed that is not an object of dates by the names of at most " + MOST_CONFIRMED
                            + " relying parties");
        }
        node.fieldNames().forEachRemaining(name -> date(node, name, file).ifPresent(time -> confirmed.put(name, time)));
        return confirmed;
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
            // An impossible date, such as February 30, is refused below like any other text.
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
        return new KeyMetadata(algorithm, created, Optional.of(time), retires, confirmed);
    }

    KeyMetadata retiring(Instant time) {
        return new KeyMetadata(algorithm, created, activates, Optional.of(time), confirmed);
    }

    /** Returns the same metadata with the confirmation of a relying party. */
    KeyMetadata confirming(String relyingParty, Instant time) {
        SortedMap<String, Instant> all = new TreeMap<>(confirmed);
        all.put(relyingParty, time);
        return new KeyMetadata(algorithm, created, activates, retires, all);
    }

    byte[] content() {
        ObjectNode node = StrictJson.newObject().put("algorithm", algorithm).put("created", created.toString());
        activates.ifPresent(time -> node.put("activates", time.toString()));
        retires.ifPresent(time -> node.put("retires", time.toString()));
        if (!confirmed.isEmpty()) {
            ObjectNode parties = node.putObject(CONFIRMED);
            confirmed.forEach((name, time) -> parties.put(name, time.toString()));
        }
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
