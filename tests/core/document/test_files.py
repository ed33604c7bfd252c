"""Graph files: what is saved is read back to the last bit, a person can read it, and nothing unsound gets in."""

from __future__ import annotations

import copy
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_graphs import described, graphs

from chainrule.core.document import archive, atomic, edits, schema
from chainrule.core.document.building import Graph
from chainrule.core.document.files import FileError, decode, encode, load_graph, save_graph
from chainrule.core.document.graph import Viewport

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(),
    st.sampled_from(["", "x", "nan", "mul", "y.input", "float16"]),
    st.just([]), st.just({}), st.just([[1], 2]), st.just({"a": [1]}), st.just(10**30),
)  # fmt: skip


def regression() -> Graph:
    graph = Graph()
    graph.add("tensor", name="x", value=[1.0, 0.1], position=(0, 40.5))
    graph.add("tensor", name="w", value=1.0, requires_grad=True)
    graph.add("mul", name="pred", input="x", other="w")
    graph.add("pow", name="squared", input="pred", exponent=2)
    graph.add("sum", name="loss", input="squared", dim=[0])
    edits.apply(graph, edits.set_training(graph, loss="loss", gradient=float("inf")))
    edits.apply(graph, edits.set_region(graph, "frozen", [graph.named("x").id]))
    graph.viewport = Viewport(10.0, 20.5, 2.0)
    return graph


def test_a_file_is_json_that_a_person_can_read() -> None:
    assert encode(regression()).decode() == (
        """{
  "format": "chainrule",
  "version": 1,
  "about": {"title": "", "source": "", "text": ""},
  "training": {"loss": "loss", "epochs": 100, "lr": 0.01, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, """
        """"nesterov": false, "maximize": false, "zero_grad": true, "gradient": "inf"},
  "viewport": {"x": 10, "y": 20.5, "zoom": 2},
  "nodes": [
    {"name": "loss", "kind": "sum", "made": 5, "params": {"dim": [0]}},
    {"name": "pred", "kind": "mul", "made": 3},
    {"name": "squared", "kind": "pow", "made": 4, "inputs": {"exponent": 2}},
    {"name": "w", "kind": "tensor", "made": 2, "dtype": "float32", "value": 1.0, "requires_grad": true},
    {"name": "x", "kind": "tensor", "made": 1, "dtype": "float32", "value": [1.0, 0.1], "requires_grad": false, """
        """"position": [0, 40.5]}
  ],
  "wires": [
    {"from": "squared", "to": "loss.input"},
    {"from": "x", "to": "pred.input"},
    {"from": "w", "to": "pred.other"},
    {"from": "pred", "to": "squared.input"}
  ],
  "regions": [
    {"name": "frozen", "kind": "no_grad", "members": ["x"]}
  ]
}
"""
    )


@given(graphs())
def test_what_is_saved_is_read_back_to_the_last_bit(graph: Graph) -> None:
    data = encode(graph)
    again = decode(data)
    assert described(again) == described(graph)
    assert encode(again) == data, "the same graph gives the same bytes"


@given(st.floats(), st.sampled_from(["float16", "float32", "float64"]))
def test_every_number_has_the_shortest_text_that_reads_back_to_its_bits(number: float, dtype: str) -> None:
    with np.errstate(over="ignore"):
        value = np.asarray(number).astype(dtype)
    value = np.where(np.isnan(value), np.asarray(np.nan, dtype), value)
    graph = Graph()
    graph.add("tensor", name="x", value=np.asarray(value))
    leaf = decode(encode(graph)).named("x").leaf
    assert leaf is not None
    assert leaf.value.tobytes() == value.tobytes()
    if np.isfinite(value):
        text = json.loads(encode(graph))["nodes"][0]["value"]
        assert len(repr(text)) <= len(repr(float(value)))


def test_a_large_array_goes_into_an_archive_beside_the_text(tmp_path: Path) -> None:
    graph = regression()
    big = np.random.default_rng(0).normal(size=(101, 100)).astype(np.float32)
    graph.add("tensor", name="big", value=big)
    save_graph(graph, tmp_path / "g.chainrule")
    with zipfile.ZipFile(tmp_path / "g.chainrule") as archived:
        assert sorted(archived.namelist()) == ["big.npy", "graph.json"]
        np.testing.assert_array_equal(np.load(io.BytesIO(archived.read("big.npy")), allow_pickle=False), big)
    assert described(load_graph(tmp_path / "g.chainrule")) == described(graph)


def test_what_a_newer_minor_version_wrote_is_kept() -> None:
    raw = json.loads(encode(regression()))
    raw["palette"] = {"x": "red"}
    raw["nodes"][0]["badge"] = 3
    raw["wires"][0]["colour"] = "blue"
    raw["training"]["scheduler"] = "cosine"
    raw["viewport"]["angle"] = 1
    raw["regions"][0]["tint"] = 0.5
    assert json.loads(encode(decode(json.dumps(raw).encode()))) == raw


def test_a_newer_major_version_is_refused() -> None:
    raw = {**json.loads(encode(regression())), "version": 2}
    with pytest.raises(FileError, match=r"newer Chainrule \(format version 2; this one reads up to 1\)"):
        decode(json.dumps(raw).encode())


def test_an_older_version_is_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "VERSION", 3)
    monkeypatch.setitem(schema.MIGRATIONS, 1, lambda raw: {**raw, "nodes": raw.pop("cards")})
    monkeypatch.setitem(schema.MIGRATIONS, 2, lambda raw: {**raw, "wires": []})
    raw = json.loads(encode(regression()))
    raw["cards"] = [each for each in raw.pop("nodes") if each["name"] == "x"]
    raw["training"] = {}
    raw["regions"] = []
    assert "x" in decode(json.dumps({**raw, "version": 1}).encode())


def test_nodes_run_in_the_order_they_were_made_after_reading_too() -> None:
    graph = Graph()
    for name in ("z", "a", "m"):
        graph.add("tensor", name=name)
    again = decode(encode(graph))
    assert [again.nodes[i].name for i in again.order()] == ["z", "a", "m"]


def test_a_node_line_that_was_copied_by_hand_gets_an_id_of_its_own() -> None:
    raw = json.loads(encode(regression()))
    copied = {**next(each for each in raw["nodes"] if each["name"] == "w"), "name": "w2"}
    del raw["nodes"][0]["made"]
    raw["nodes"].append(copied)
    graph = decode(json.dumps(raw).encode())
    assert len({node.id for node in graph.nodes.values()}) == 6


def test_an_optimiser_is_written_with_the_options_that_are_not_its_defaults() -> None:
    graph = Graph()
    edits.apply(graph, edits.set_training(graph, optimizer="Adam", betas=(0.8, 0.999), eps=1e-6, amsgrad=True))
    raw = json.loads(encode(graph))
    assert raw["training"] == {
        "loss": "", "epochs": 100, "optimizer": "Adam", "lr": 0.001, "momentum": 0.0, "dampening": 0.0,
        "weight_decay": 0.0, "nesterov": False, "maximize": False, "zero_grad": True, "betas": [0.8, 0.999],
        "eps": 1e-06, "amsgrad": True,
    }  # fmt: skip
    assert decode(encode(graph)).training == graph.training


def test_what_a_file_does_not_say_of_an_optimiser_is_torchs_default() -> None:
    raw = {**json.loads(encode(Graph())), "training": {"optimizer": "AdamW", "eps": 0.5}}
    training = decode(json.dumps(raw).encode()).training
    assert (training.lr, training.weight_decay, training.eps) == (0.001, 0.01, 0.5)
    raw["training"] = {"weight_decay": 0.25}
    training = decode(json.dumps(raw).encode()).training
    assert (training.optimizer, training.lr, training.weight_decay) == ("SGD", 0.01, 0.25)


# Unsound files


def broken(change: Callable[[Any], Any]) -> FileError:
    """What the regression's file is refused with after ``change``."""
    raw = json.loads(encode(regression()))
    change(raw)
    with pytest.raises(FileError) as caught:
        decode(json.dumps(raw).encode())
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("change", "message", "field"),
    [
        (lambda raw: raw["nodes"][3].update(dtype="floaty"), "node w: there is no dtype 'floaty'", "$.nodes[3].dtype"),
        (lambda raw: raw["nodes"][3].update(requires_grad=1), 'node "w": Expected `bool`', "$.nodes[3].requires_grad"),
        (lambda raw: raw["nodes"][3].pop("dtype"), "node w: a tensor says its dtype", "$.nodes[3].dtype"),
        (lambda raw: raw["nodes"][3].pop("value"), "node w: a tensor has a value", "$.nodes[3].value"),
        (lambda raw: raw["nodes"][3].update(value="abc"), "node w: ", "$.nodes[3].value"),
        (lambda raw: raw["nodes"][3].update(value=[[1], 2]), "node w: ", "$.nodes[3].value"),
        (lambda raw: raw["nodes"][3].update(shape=[2]), "node w: 1 values do not fill", "$.nodes[3].shape"),
        (lambda raw: raw["nodes"][3].update(shape=[-1]), "node w: 1 values do not fill", "$.nodes[3].shape"),
        (lambda raw: raw["nodes"][3].update(array="w.npy"), "node w: there is no w.npy", "$.nodes[3].array"),
        (lambda raw: raw["nodes"][3].update(dtype="int64"), "node w: only Tensors of fl", "$.nodes[3].requires_grad"),
        (lambda raw: raw["nodes"][3].update(made=0), "node w: made is 0; it counts from 1", "$.nodes[3].made"),
        (lambda raw: raw["nodes"][1].update(kind="mull"), "did you mean mul?", "$.nodes[1].kind"),
        (lambda raw: raw["nodes"][1].update(params={"dim": 0}), "no parameter 'dim'", "$.nodes[1].params.dim"),
        (lambda raw: raw["nodes"][1].update(name="x"), "the name x is taken twice", "$.nodes[4].name"),
        (lambda raw: raw["nodes"][1].update(name="for"), "a wire goes to 'pred.input'", "$.wires[1].to"),
        (lambda raw: raw["nodes"][2]["inputs"].update(exponent="two"), "'two' is no", "$.nodes[2].inputs.exponent"),
        (lambda raw: raw["nodes"][2].update(position=[1]), 'node "squared": ', "$.nodes[2].position"),
        (lambda raw: raw["nodes"][2].update(position=[1e300, 0]), "which is no place", "$.nodes[2].position"),
        (lambda raw: raw["wires"][0].update({"from": "z"}), "a wire comes from 'z'", "$.wires[0].from"),
        (lambda raw: raw["wires"][0].update(to="loss"), "which is no node.socket", "$.wires[0].to"),
        (lambda raw: raw["wires"][0].update(to="loss.other"), "sum has no socket 'other'", "$.wires[0]"),
        (lambda raw: raw["wires"].append(raw["wires"][0]), "loss.input is filled twice", "$.wires[4].to"),
        (lambda raw: raw["wires"][1].update({"from": "loss"}), "would close a cycle", "$.nodes[0].inputs"),
        (lambda raw: raw["training"].update(loss="gone"), "the loss 'gone'", "$.training.loss"),
        (lambda raw: raw["training"].update(lr=-1), "Invalid learning rate: -1", "$.training.lr"),
        (lambda raw: raw["training"].update(optimizer="Adm"), "no optimizer 'Adm'", "$.training.optimizer"),
        (lambda raw: raw["training"].update(optimizer=1), "Expected `str`, got `int`", "$.training.optimizer"),
        (lambda raw: raw["training"].update(betas=[0.9, 0.99]), "SGD has no betas; it has lr", "$.training.betas"),
        (lambda raw: raw["training"].update(optimizer="Adam", betas=[0.9]), "Expected `array`", "$.training.betas"),
        (lambda raw: raw["training"].update(optimizer="Adam", betas=[0.9, 1]), "Invalid beta", "$.training.betas"),
        (lambda raw: raw["training"].update(optimizer="Adam", eps=-1), "Invalid epsilon value", "$.training.eps"),
        (lambda raw: raw["training"].update(optimizer="Adam", momentum=0.5), "Adam has no mom", "$.training.momentum"),
        (lambda raw: raw["training"].update(nesterov=True), "Nesterov momentum requires", "$.training.nesterov"),
        (lambda raw: raw["regions"][0].update(members=["gone"]), "a member 'gone'", "$.regions[0].members"),
        (lambda raw: raw["regions"][0].update(kind="tint"), "unknown kind 'tint'", "$.regions"),
        (lambda raw: raw.update(version="1"), '"version" should be a whole number', "$.version"),
        (lambda raw: raw.update(version=0), "there is no format version 0", "$.version"),
        (lambda raw: raw.update(format="gif"), "this is no graph file", "$.format"),
        (lambda raw: raw.update(nodes={}), "Expected `array`, got `object`", "$.nodes"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_the_node_and_the_field(change: Any, message: str, field: str) -> None:
    error = broken(change)
    assert message in str(error)
    assert error.field == field
    assert field in str(error) or field in ("$.version", "$.format")


def is_read_or_refused(content: bytes) -> bool:
    """Read it, or refuse it in one line; any other exception is the test's."""
    try:
        decode(content)
    except FileError as error:
        return "\n" not in str(error)
    return True


@given(st.data())
def test_whatever_one_field_becomes_the_file_is_read_or_refused(data: st.DataObject) -> None:
    raw = json.loads(encode(data.draw(graphs(6) | st.builds(regression))))
    place: Any = raw
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(place[key], (dict, list)) and place[key]) or data.draw(st.integers(0, 4)) == 0:
            break
        place = place[key]
    if data.draw(st.booleans()):
        place[key] = data.draw(JUNK)
    elif isinstance(place, dict):
        place[data.draw(st.sampled_from(["name", "kind", "value", "shape", "to", "loss"]))] = copy.deepcopy(
            place.pop(key)
        )
    else:
        del place[key]
    assert is_read_or_refused(json.dumps(raw).encode())


@given(st.data())
def test_whatever_happens_to_its_bytes_the_file_is_read_or_refused(data: st.DataObject) -> None:
    graph = regression()
    if data.draw(st.booleans()):
        graph.add("tensor", name="big", value=np.zeros(10_001, np.int8))
    content = bytearray(encode(graph))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    del content[data.draw(st.integers(0, len(content)) | st.just(len(content))) :]
    assert is_read_or_refused(bytes(content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "truncated"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"GIF89a", "this is no JSON: "),
        (b'{\n  "format": "chainrule",\n  version', "line 3, column 3"),
        (b"[1, 2]", "this is no graph file"),
        (b"[" * 100_000, "this is no JSON|nested too deeply"),
        (b'{"format": "chainrule", "version": 1, "nodes": [{"name": "x", "kind": "tensor", "dtype": "float32", "value":'
         + b"[" * 500 + b"1" + b"]" * 500 + b"}]}", r"node x: .* \(\$\.nodes\[0\]\.value\)"),
    ],
)  # fmt: skip
def test_what_is_no_graph_file_is_refused_in_one_line(content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message) as caught:
        decode(content)
    assert "\n" not in str(caught.value)


class TestArchives:
    def content(self, **members: bytes) -> bytes:
        text = json.dumps({"format": "chainrule", "version": 1, "nodes": [
            {"name": "x", "kind": "tensor", "dtype": "float32", "array": "x.npy"}]})  # fmt: skip
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in {"graph.json": text.encode(), **members}.items():
                made.writestr(name.replace("_npy", ".npy"), content)
        return buffer.getvalue()

    def npy(self, array: Any, allow_pickle: bool = False) -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=allow_pickle)
        return buffer.getvalue()

    def refusal(self, data: bytes) -> str:
        with pytest.raises(FileError) as caught:
            decode(data)
        return str(caught.value)

    def test_an_array_by_another_hand_is_read(self) -> None:
        leaf = (
            decode(self.content(x_npy=self.npy(np.asfortranarray(np.arange(6.0, dtype=">f4").reshape(2, 3)))))
            .named("x")
            .leaf
        )
        assert leaf is not None
        assert leaf.value.tolist() == [[0, 1, 2], [3, 4, 5]]

    def test_pickles_are_never_opened(self) -> None:
        class Bomb:
            def __reduce__(self) -> Any:
                return os._exit, (1,)

        bomb = self.npy(np.array([Bomb()], dtype=object), allow_pickle=True)
        assert "x.npy does not hold what its header says" in self.refusal(self.content(x_npy=bomb))

    def test_a_header_that_promises_more_than_there_is_fills_no_memory(self) -> None:
        lying = self.npy(np.zeros(10, np.float32)).replace(b"(10,), ", b"(10**9,")
        assert "x.npy" in self.refusal(self.content(x_npy=lying))
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n"
        huge = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
        assert "x.npy does not hold what its header says" in self.refusal(self.content(x_npy=huge))

    def test_a_bomb_is_refused_before_it_is_unpacked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "LIMIT", 1 << 20)
        bomb = self.content(x_npy=b"\0" * (1 << 21))
        assert len(bomb) < 1 << 14
        assert "it would unpack to more than" in self.refusal(bomb)

    def test_a_missing_text_a_missing_array_and_another_dtype_are_told(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr("x.npy", b"")
        assert "the archive has no graph.json" in self.refusal(buffer.getvalue())
        assert "there is no x.npy beside the text" in self.refusal(self.content())
        doubles = self.content(x_npy=self.npy(np.zeros(2)))
        assert "x.npy holds float64, the text says float32" in self.refusal(doubles)


class TestTheDisk:
    def test_half_a_character_does_not_keep_the_rest_from_being_saved(self) -> None:
        graph = regression()
        edits.apply(graph, edits.set_note(graph, graph.named("x").id, "cut \ud83d"))
        assert decode(encode(graph)).named("x").note == "cut ?"

    def test_a_file_that_cannot_be_read_is_told_by_name(self, tmp_path: Path) -> None:
        for path in (tmp_path / "nowhere.chainrule", tmp_path):
            with pytest.raises(FileError, match=f"{path}: cannot be read: "):
                load_graph(path)

    def test_a_file_that_cannot_be_written_is_told_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(FileError, match=r"cannot be written: No such file"):
            save_graph(Graph(), tmp_path / "nowhere" / "g.chainrule")

    def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "g.chainrule"
        save_graph(regression(), path)
        before = path.read_bytes()

        def full(*args: Any) -> None:
            raise OSError(28, "No space left on device")

        for step in ("fsync", "replace"):
            with monkeypatch.context() as patch:
                patch.setattr(os, step, full)
                with pytest.raises(FileError, match="No space left on device"):
                    save_graph(Graph(), path)
        assert path.read_bytes() == before
        assert os.listdir(tmp_path) == ["g.chainrule"]

    @pytest.mark.skipif(os.name != "posix", reason="permissions and links are POSIX's")
    def test_permissions_and_links_outlive_a_save(self, tmp_path: Path) -> None:
        path, link = tmp_path / "g.chainrule", tmp_path / "link.chainrule"
        save_graph(Graph(), path)
        assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600
        path.chmod(0o640)
        link.symlink_to(path)
        save_graph(regression(), link)
        assert link.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert "loss" in load_graph(path)

    def test_writing_is_whole_or_not_at_all(self, tmp_path: Path) -> None:
        path = tmp_path / "plain"
        atomic.write(path, b"one")
        atomic.write(path, b"two")
        assert path.read_bytes() == b"two"
