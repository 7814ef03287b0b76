package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.files.UnusableFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value of a policy file with its place. A value of the wrong type is recorded as a problem, and then treated as missing. */
record PolicyNode(Node node, PolicyProblems problems) {

    void problem(String what) {
        problems.add(node.getStartMark(), what);
    }

    void warn(String what) {
        problems.warn(node.getStartMark(), what);
    }

    /**
     * Records a problem within a text.
     *
     * @param offset the offset in the text, in characters
     */
    void problemAt(int offset, String what) {
        if (node instanceof ScalarNode scalar) {
            problems.add(scalar, offset, what);
        } else {
            problem(what);
        }
    }

    /** Records that the file named here cannot be used. */
    void unusable(UnusableFileException problem) {
        problems.add(node.getStartMark(), problem);
    }

    /** Returns the members of a mapping. Other keys than the known ones are problems. */
    Map<String, PolicyNode> members(List<String> known) {
        return members(
                key -> known.contains(key.written()),
                key -> "the key " + PolicyProblems.quoted(key.written()) + " is unknown; the keys here are "
                        + String.join(", ", known) + Suggestion.among(known, key.written()));
    }

    /** Returns the members of a mapping with any keys. */
    Map<String, PolicyNode> members() {
        return members(key -> true, key -> "");
    }

    private Map<String, PolicyNode> members(Predicate<PolicyNode> isKnown, Function<PolicyNode, String> unknown) {
        Map<String, PolicyNode> members = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            problem("must be a mapping of keys and values, found " + kind());
            return members;
        }
        for (NodeTuple member : mapping.getValue()) {
            PolicyNode key = new PolicyNode(member.getKeyNode(), problems);
            if (!(member.getKeyNode() instanceof ScalarNode)) {
                key.problem("a key must be a text, found " + key.kind());
            } else if (!isKnown.test(key)) {
                key.problem(unknown.apply(key));
            } else if (members.putIfAbsent(key.written(), new PolicyNode(member.getValueNode(), problems)) != null) {
                key.problem("the key " + PolicyProblems.quoted(key.written()) + " is repeated");
            }
        }
        return members;
    }

    /** Returns the items of a list. An empty list is a problem. */
    List<PolicyNode> items() {
        if (node instanceof SequenceNode sequence && sequence.getValue().isEmpty()) {
            problem("must not be empty: leave the key out, or name at least one");
        }
        return itemsOrNone();
    }

    /** Returns the items of a list, which may be empty. */
    List<PolicyNode> itemsOrNone() {
        if (!(node instanceof SequenceNode sequence)) {
            problem("must be a list, found " + kind());
            return List.of();
        }
        return sequence.getValue().stream()
                .map(item -> new PolicyNode(item, problems))
                .toList();
    }

    /** Reads a text in quotes or plain style that YAML reads as a string. An empty text is a problem. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
            if (scalar.getValue().isBlank()) {
                problem("must not be empty");
                return Optional.empty();
            }
            return Optional.of(scalar.getValue());
        }
        problem("must be a text, found " + kind() + (node instanceof ScalarNode ? ": put it in quotes" : ""));
        return Optional.empty();
    }

    /** Reads one of the given texts. */
    Optional<String> choice(List<String> choices) {
        Optional<String> text = text();
        if (text.isPresent() && !choices.contains(text.get())) {
            problem("must be " + String.join(" or ", choices) + ", found " + PolicyProblems.quoted(text.get())
                    + Suggestion.among(choices, text.get()));
            return Optional.empty();
        }
        return text;
    }

    /** Reads {@code true} or {@code false}. Other spellings of YAML, such as {@code yes}, are problems. */
    boolean flag() {
        if (node instanceof ScalarNode scalar
                && node.getTag().equals(Tag.BOOL)
                && List.of("true", "false").contains(scalar.getValue())) {
            return scalar.getValue().equals("true");
        }
        problem("must be true or false, found " + kind());
        return false;
    }

    /** Returns a scalar as it is written in the file. */
    String written() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private String kind() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        return node.getTag().equals(Tag.NULL) ? "nothing" : PolicyProblems.quoted(written());
    }

    /** Reads a list of texts. */
    List<Placed> texts() {
        return items().stream()
                .flatMap(item -> item.text().map(text -> new Placed(text, item)).stream())
                .collect(Collectors.toUnmodifiableList());
    }

    /** Reads one text, or a list of texts. */
    List<Placed> oneOrMore() {
        return isList()
                ? texts()
                : text().map(text -> new Placed(text, this)).stream().toList();
    }

    /** Reads a whole number from {@code least} to {@code most}, inclusive. */
    Optional<Integer> number(int least, int most) {
        Optional<Integer> number = Optional.of(written())
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(value -> value >= least && value <= most);
        if (number.isEmpty()) {
            problem("must be a whole number from " + least + " to " + most + ", found " + kind());
        }
        return number;
    }

    /** Reads any value: texts, whole numbers, booleans, and lists and maps of these. */
    Object value() {
        if (isMapping()) {
            Map<String, Object> values = new LinkedHashMap<>();
            members().forEach((key, member) -> values.put(key, member.value()));
            return values;
        }
        if (isList()) {
            return itemsOrNone().stream().map(PolicyNode::value).toList();
        }
        if (node.getTag().equals(Tag.INT)) {
            return Long.valueOf(written());
        }
        return node.getTag().equals(Tag.BOOL) ? Boolean.valueOf(written()) : written();
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** Returns whether each key has its own line, so that a truncated file could end between two keys. */
    boolean isBlock() {
        return node instanceof MappingNode mapping && mapping.getFlowStyle() == FlowStyle.BLOCK;
    }

    /** Returns whether the last value of the file may be truncated, because no bracket or quotation mark closes it. */
    boolean endsOpen() {
        Node last = node;
        while (last instanceof CollectionNode<?> collection
                && collection.getFlowStyle() == FlowStyle.BLOCK
                && !collection.getValue().isEmpty()) {
            Object item = collection.getValue().get(collection.getValue().size() - 1);
            last = item instanceof NodeTuple member ? member.getValueNode() : (Node) item;
        }
        return problems.endWithinLine()
                && last instanceof ScalarNode scalar
                && scalar.getScalarStyle() != ScalarStyle.SINGLE_QUOTED
                && scalar.getScalarStyle() != ScalarStyle.DOUBLE_QUOTED;
    }

    boolean isBehind(PolicyNode other) {
        return node.getStartMark().getIndex() > other.node.getStartMark().getIndex();
    }

    /** Returns the line on which it starts, from 1. */
    int line() {
        return node.getStartMark().getLine() + 1;
    }

    /** A text and its place. */
    record Placed(String text, PolicyNode node) {}
}
