"""
python test/bench/throughput/prepare.py FOLDER: writes the models of the throughput benchmark into a new folder: one decoder of
Qwen2-0.5B's shape and a CLIP ViT-B/32 with random weights, in the layout of every engine that is compared.

The decoder's matrices lie on the grid of 4-bit blocks with float16 scales, which MatMulNBits and llama.cpp's Q4_0 store
alike, so that all files hold the very same numbers; llama.cpp's are unpacked again and compared. Needs the exporter's
packages and `gguf`, 6 GB of memory and 4 GB of disk.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import onnx
import torch
from onnx import TensorProto
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, Qwen2Config, Qwen2ForCausalLM

REPOSITORY = Path(__file__).parents[3]
sys.path.insert(0, str(REPOSITORY))
from models.export.fused import write_embeddings  # noqa: E402
from models.export.graph import MICROSOFT, Graph  # noqa: E402
from models.export.layout import Identity, export_folder  # noqa: E402
from models.export.llama import llama_shape, rope_theta, write_llama  # noqa: E402
from models.export.precision import BLOCK, PRECISIONS, quantise4  # noqa: E402

CONTEXT = 4096
"""Weights in a block of llama.cpp's."""
Q4_0 = 32
END = 0
Q4 = PRECISIONS["q4"]


def levels_of(packed: np.ndarray) -> np.ndarray:
    """Levels 0 to 15 of packed blocks, in order."""
    return np.stack([packed & 15, packed >> 4], axis=-1).reshape(*packed.shape[:-1], BLOCK)


def on_grid(weight: torch.Tensor) -> torch.Tensor:
    """The nearest weights that 4 bits and a float16 scale can say; packing them again changes nothing."""
    packed, scales = quantise4(weight.float().numpy())
    scales = scales.astype(np.float16).astype(np.float32)
    values = ((levels_of(packed).astype(np.float32) - 8) * scales[..., None]).reshape(weight.shape)
    again, same = quantise4(values)
    assert np.array_equal(again, packed) and np.array_equal(same, scales)
    return torch.from_numpy(values)


def checkpoint() -> Qwen2ForCausalLM:
    torch.manual_seed(1)
    config = Qwen2Config(
        vocab_size=151936,
        hidden_size=896,
        intermediate_size=4864,
        num_hidden_layers=24,
        num_attention_heads=14,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
        rms_norm_eps=1e-6,
        tie_word_embeddings=False,
        bos_token_id=END,
        eos_token_id=END,
    )
    model = Qwen2ForCausalLM(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "embed_tokens" in name:
                parameter.copy_(parameter.half().float())
            elif parameter.dim() == 2:
                parameter.copy_(on_grid(parameter))
            else:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    return model


def write_ours(folder: Path, model: Qwen2ForCausalLM) -> None:
    folder.mkdir()
    write_llama(folder / "decoder.q4.onnx", Q4, model.config, model.model, model.lm_head.weight)
    write_embeddings(folder / "embed_tokens.fp16.onnx", PRECISIONS["fp16"], model.model.embed_tokens.weight)
    positions = {"kind": "rotary", "theta": rope_theta(model.config)}
    (folder / "decoder.json").write_text(json.dumps(llama_shape(model.config).description([END], positions)))


def rename_weights(path: Path) -> None:
    """Weights beside a graph as transformers.js looks for them."""
    Path(f"{path}.data").rename(f"{path}_data")
    written = onnx.load(path, load_external_data=False)
    for tensor in written.graph.initializer:
        for fact in tensor.external_data:
            if fact.key == "location":
                fact.value = f"{path.name}_data"
    onnx.save(written, path)


def write_clip(root: Path) -> None:
    """Our layout and transformers.js', with the same graph of the picture tower."""
    torch.manual_seed(3)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary)
        CLIPModel(CLIPConfig()).save_pretrained(source)
        CLIPImageProcessor().save_pretrained(source)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(REPOSITORY / "test/fixtures/parity/clip" / name, source / name)
        identity = Identity("clip-random", "random", "1", "MIT", ["en"])
        export_folder(source, root / "clip", ["fp32"], identity, say=lambda text: None)
    target = root / "clip-transformers-js"
    (target / "onnx").mkdir(parents=True)
    shutil.copyfile(root / "clip/preprocessor_config.json", target / "preprocessor_config.json")
    config = json.loads((root / "clip/config.json").read_text())
    config["transformers.js_config"] = {"use_external_data_format": {"vision_model.onnx": True}}
    (target / "config.json").write_text(json.dumps(config))
    for ending in ("", ".data"):
        shutil.copyfile(root / f"clip/vision_model.fp32.onnx{ending}", target / f"onnx/vision_model.onnx{ending}")
    rename_weights(target / "onnx/vision_model.onnx")


def write_transformers_js(folder: Path, model: Qwen2ForCausalLM) -> None:
    """As the hub's newer repositories have it: fused attention, past and present caches, only the logits asked for."""
    (folder / "onnx").mkdir(parents=True)
    config = model.config.to_dict() | {"transformers.js_config": {"use_external_data_format": True}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": END, "pad_token_id": END}))
    path = folder / "onnx/model_q4.onnx"
    graph, shape = Graph(path, Q4), llama_shape(model.config)
    ids = graph.input("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"])
    mask = graph.input("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"])
    kept = graph.input("num_logits_to_keep", TensorProto.INT64, [])
    table = graph.tensor("embedding", model.model.embed_tokens.weight.detach().half().numpy())
    residual = graph.cast(graph.node("Gather", [table, ids]), TensorProto.FLOAT)
    lengths = graph.node("Sub", [graph.node("ReduceSum", [mask, graph.ints("one", [1])], keepdims=0), graph.ints("one", [1])])
    seqlens = graph.cast(lengths, TensorProto.INT32)
    width = graph.node("Gather", [graph.node("Shape", [mask]), graph.ints("axis", 1)])
    total = graph.cast(width, TensorProto.INT32)
    angles = np.arange(CONTEXT)[:, None] / rope_theta(model.config) ** (np.arange(0, shape.head_size, 2) / shape.head_size)
    tables = [graph.weight("cos_cache", np.cos(angles)), graph.weight("sin_cache", np.sin(angles))]
    epsilon = {"epsilon": model.config.rms_norm_eps}

    def cache_of(length: str) -> list:
        return ["batch_size", shape.kv_heads, length, shape.head_size]

    def normalise(name: str, norm, pending: str, residual: str) -> tuple[str, str]:
        gamma = graph.weight(name, norm.weight)
        if not pending:
            return graph.node("SimplifiedLayerNormalization", [residual, gamma], **epsilon), residual
        outputs = [f"{name}.out", "", "", f"{name}.sum"]
        graph.node("SkipSimplifiedLayerNormalization", [residual, pending, gamma], outputs, MICROSOFT, **epsilon)
        return outputs[0], outputs[3]

    pending = ""
    for index, layer in enumerate(model.model.layers):
        name, attend, feed = f"layer.{index}", layer.self_attn, layer.mlp
        normed, residual = normalise(f"{name}.norm", layer.input_layernorm, pending, residual)
        parts = (attend.q_proj, attend.k_proj, attend.v_proj)
        packed = graph.linear(
            f"{name}.qkv", normed, torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])
        )
        cache = [
            graph.input(f"past_key_values.{index}.{what}", TensorProto.FLOAT, cache_of("past_sequence_length"))
            for what in ("key", "value")
        ]
        outputs = [f"{name}.attended", f"present.{index}.key", f"present.{index}.value"]
        graph.node(
            "GroupQueryAttention",
            [packed, "", "", *cache, seqlens, total, *tables],
            outputs,
            MICROSOFT,
            num_heads=shape.heads,
            kv_num_heads=shape.kv_heads,
            do_rotary=1,
        )
        for present in outputs[1:]:
            graph.output(present, TensorProto.FLOAT, cache_of("total_sequence_length"))
        pending = graph.linear(f"{name}.output", outputs[0], attend.o_proj.weight)
        normed, residual = normalise(f"{name}.feed_norm", layer.post_attention_layernorm, pending, residual)
        gate = graph.linear(f"{name}.gate", normed, feed.gate_proj.weight)
        up = graph.linear(f"{name}.up", normed, feed.up_proj.weight)
        silu = graph.node("Mul", [gate, graph.node("Sigmoid", [gate])])
        pending = graph.linear(f"{name}.down", graph.node("Mul", [silu, up]), feed.down_proj.weight)
    last, _ = normalise("final_norm", model.model.norm, pending, residual)
    start = graph.node("Reshape", [graph.node("Neg", [kept]), graph.ints("one", [1])])
    end, axis = graph.ints("end", [2**31 - 1]), graph.ints("sequence_axis", [1])
    graph.linear("head", graph.node("Slice", [last, start, end, axis]), model.lm_head.weight, output="logits")
    graph.output("logits", TensorProto.FLOAT, ["batch_size", "kept", shape.vocabulary])
    graph.save()
    rename_weights(path)


def q4_0(weight: torch.Tensor) -> np.ndarray:
    """llama.cpp's blocks: a float16 scale, then 32 levels, the first half in the low nibbles."""
    packed, scales = quantise4(weight.float().numpy())
    levels = levels_of(packed).reshape(len(weight), -1, Q4_0)
    nibbles = levels[..., : Q4_0 // 2] | (levels[..., Q4_0 // 2 :] << 4)
    repeated = np.repeat(scales, BLOCK // Q4_0, axis=1).astype(np.float16)
    return np.concatenate([repeated[..., None].view(np.uint8), nibbles], axis=-1).reshape(len(weight), -1)


def write_gguf(path: Path, model: Qwen2ForCausalLM) -> None:
    config = model.config
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(rope_theta(config))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    # The benchmark speaks in token ids; llama.cpp wants words for them nevertheless.
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([f"<{index}>" for index in range(config.vocab_size)])
    writer.add_token_types([gguf.TokenType.NORMAL] * config.vocab_size)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(END)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2, config.num_hidden_layers)
    for name, parameter in model.named_parameters():
        values = parameter.detach()
        known = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if "embed_tokens" in name:
            writer.add_tensor(known, values.half().numpy())
        elif values.dim() == 2:
            blocks = q4_0(values)
            assert np.array_equal(gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q4_0), values.numpy())
            writer.add_tensor(known, blocks, raw_dtype=gguf.GGMLQuantizationType.Q4_0)
        else:
            writer.add_tensor(known, values.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    root = Path(sys.argv[1])
    root.mkdir(parents=True)
    write_clip(root)
    with torch.no_grad():
        model = checkpoint()
        write_ours(root / "ours", model)
        write_transformers_js(root / "transformers-js", model)
        write_gguf(root / "decoder.q4_0.gguf", model)
        prompt = torch.randint(1, model.config.vocab_size, (1, 64), generator=torch.Generator().manual_seed(2))
        ids = model.generate(prompt, max_new_tokens=16, do_sample=False)[0]
    (root / "expected.json").write_text(json.dumps({"prompt": ids[:64].tolist(), "ids": ids[64:].tolist()}))


main()
