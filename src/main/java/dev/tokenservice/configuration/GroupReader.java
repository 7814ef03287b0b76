package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/**
 * Reads a tree into an object with settings. Jackson stops at the first setting of a wrong kind, which would hide every other
 * problem: so that setting is noted and taken out, and reading starts again, until only valid ones are left.
 */
final class GroupReader {

    private final ObjectMapper mapper;
    private final Problems problems;

    GroupReader(ObjectMapper mapper, Problems problems) {
        this.mapper = mapper;
        this.problems = problems;
    }

    /**
     * Reads an object.
     *
     * @param prefix what stands before the paths in this tree: empty, or with a dot at the end
     * @throws JsonMappingException when the tree as a whole is at fault, which has been noted
     */
    <T> T read(ObjectNode tree, Class<T> type, String prefix, InjectableValues injected) throws JsonMappingException {
        ObjectNode original = tree.deepCopy();
        while (true) {
            try {
                return mapper.reader(injected).treeToValue(tree, type);
            } catch (JsonMappingException e) {
                String path = path(e.getPath());
                problems.add(prefix + path, original.at(Problems.pointer(path)), allowed(e));
                if (!remove(e.getPath(), tree)) {
                    throw e;
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a parsed tree cannot be malformed", e);
            }
        }
    }

    private static String allowed(JsonMappingException failure) {
        if (failure instanceof InvalidTypeIdException unknown) {
            return "must have a known type"
                    + unknown.getOriginalMessage().replaceFirst("(?s).*known type ids = (\\[[a-z, -]*]).*|.*", ": $1");
        }
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return "cannot be used: " + failure.getOriginalMessage();
    }

    private static String kind(Class<?> target) {
        if (target == int.class || target == long.class || Number.class.isAssignableFrom(target)) {
            return "a whole number, of digits only and at most nine";
        }
        if (target == Minutes.class) {
            return "minutes, such as 5, 5m or PT5M";
        }
        if (target == PortOrOff.class) {
            return PortOrOff.RULE;
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(target)) {
            return "a list, such as [a]";
        }
        return target == String.class ? "a text, in quotes where it looks like something else" : "a group of settings";
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static boolean remove(List<JsonMappingException.Reference> references, JsonNode root) {
        JsonNode parent = root;
        for (int i = 0; i < references.size() - 1; i++) {
            parent = child(parent, references.get(i));
        }
        if (references.isEmpty()) {
            return false;
        }
        JsonMappingException.Reference last = references.get(references.size() - 1);
        if (parent instanceof ArrayNode array && last.getFieldName() == null) {
            return array.remove(last.getIndex()) != null;
        }
        return parent instanceof ObjectNode object && object.remove(last.getFieldName()) != null;
    }

    private static JsonNode child(JsonNode parent, JsonMappingException.Reference reference) {
        return reference.getFieldName() == null
                ? parent.path(reference.getIndex())
                : parent.path(reference.getFieldName());
    }
}
