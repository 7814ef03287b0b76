package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Prints the keys of a folder for operators, with the state and the next change of each key. */
final class KeyList {

    private static final List<String> HEAD =
            List.of("KID", "ALGORITHM", "STATE", "CREATED", "ACTIVATES", "RETIRES", "NEXT");

    private final RingView view;
    private final KeyPeriods periods;

    KeyList(RingView view, KeyPeriods periods) {
        this.view = view;
        this.periods = periods;
    }

    String text() {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        view.keys().forEach(status -> rows.add(row(status)));
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < HEAD.size(); column++) {
                line.append(row.get(column))
                        .append(" ".repeat(width(rows, column) - row.get(column).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private List<String> row(KeyStatus status) {
        RingKey key = status.key();
        return List.of(
                key.id(),
                key.algorithm(),
                status.state().label(),
                text(key.created()),
                text(key.activates()),
                text(key.metadata().flatMap(KeyMetadata::retires)),
                next(status));
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("-");
    }

    private String next(KeyStatus status) {
        return change(status)
                + names("; confirmed for ", status.key().confirmed().keySet())
                + names(
                        status.state() == KeyState.ACTIVE ? "; not confirmed for " : "; waits for ",
                        status.unconfirmed());
    }

    private static String names(String title, Collection<String> names) {
        return names.isEmpty() ? "" : title + String.join(", ", names);
    }

    private String change(KeyStatus status) {
        return status.next()
                .map(change -> switch (change.to()) {
                    case ACTIVE -> "signs at " + change.at();
                    case RETIRED -> "is published until " + change.at();
                    default -> "retires at " + change.at();
                })
                .orElseGet(() -> undecided(status));
    }

    private String undecided(KeyStatus status) {
        KeyState state = status.state();
        Optional<KeyMetadata> metadata = status.key().metadata();
        if (state == KeyState.REVOKED) {
            return "never signs again";
        }
        if (metadata.isEmpty()) {
            return state == KeyState.ACTIVE
                    ? "signs while it is the last by name"
                    : "is published while its file is there";
        }
        if (state == KeyState.PUBLISHED && metadata.get().activates().isPresent()) {
            return "signs once it is confirmed, not before "
                    + metadata.get().activates().get();
        }
        return switch (state) {
            case PUBLISHED ->
                "'keys rotate' activates it, not before "
                        + metadata.get().created().plus(periods.shortestLead());
            case ACTIVE -> "retires when 'keys rotate' activates its successor";
            default -> "'keys rotate' deletes it";
        };
    }

    /**
     * Returns the keys as a JSON object with the members {@code keys} and {@code problems}.
     *
     * @param problems a line for each file that cannot be used
     */
    String json(List<String> problems) {
        ObjectNode root = StrictJson.newObject();
        ArrayNode keys = root.putArray("keys");
        for (KeyStatus status : view.keys()) {
            RingKey key = status.key();
            ObjectNode node = keys.addObject()
                    .put("kid", key.id())
                    .put("algorithm", key.algorithm())
                    .put("state", status.state().label());
            key.created().ifPresent(time -> node.put("created", time.toString()));
            key.activates().ifPresent(time -> node.put("activates", time.toString()));
            key.metadata().flatMap(KeyMetadata::retires).ifPresent(time -> node.put("retires", time.toString()));
            ObjectNode confirmed = node.putObject("confirmed");
            key.confirmed().forEach((name, time) -> confirmed.put(name, time.toString()));
            ArrayNode unconfirmed = node.putArray("waitsFor");
            status.unconfirmed().forEach(unconfirmed::add);
            ObjectNode next = node.putObject("next").put("description", next(status));
            status.next()
                    .ifPresent(change -> next.put("state", change.to().label())
                            .put("at", change.at().toString()));
            key.file().ifPresent(file -> node.put("file", KeyFolder.name(file)));
        }
        ArrayNode refused = root.putArray("problems");
        problems.forEach(refused::add);
        return root.toPrettyString();
    }
}
